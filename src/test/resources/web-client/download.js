// Downloads a file; returns what the caller of the client gets, and what became of the tokens.
async ({url, tokens, renewed, ...file}) => {
    const { FileStreamClient } = await import('/filestream.js');
    let renewals = 0;
    const renewTokens = renewed && (async () => {
        renewals++;
        return renewed;
    });
    const client = new FileStreamClient({url, tokens, renewTokens});
    const outcome = await client.download(file).then(
        async blob => {
            const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
            return {type: blob.type, size: blob.size, sha256:
                [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('')};
        },
        ({name, code, text, status, requestId}) => ({name, code, text, status, requestId}));
    return {...outcome, renewals, sessionToken: client.tokens.sessionToken};
}
