// Downloads a file. The page waits before the client reads the link. Returns the size and the
// hash of the file, or what the caller learns of the failure.
async ({url, tokens, file, waitSeconds}) => {
    const { FileStreamClient } = await import('/filestream.js');
    const client = new FileStreamClient({url, tokens, fetch: async (address, init) => {
        if (init.method !== 'POST') {
            await new Promise(resolve => setTimeout(resolve, waitSeconds * 1000));
        }
        return fetch(address, init);
    }});
    return client.download(file).then(
        async blob => {
            const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
            return {type: blob.type, size: blob.size, sha256:
                [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('')};
        },
        ({name, code, text, status, requestId}) => ({name, code, text, status, requestId}));
}
