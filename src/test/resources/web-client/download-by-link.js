// Downloads a file. Returns the size and the hash of the file, or what the caller learns of the failure.
async ({url, tokens, file}) => {
    const { FileStreamClient } = await import('/filestream.js');
    return new FileStreamClient({url, tokens}).download(file).then(
        async blob => {
            const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
            return {type: blob.type, size: blob.size, sha256:
                [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('')};
        },
        ({name, code, text, status, requestId}) => ({name, code, text, status, requestId}));
}
