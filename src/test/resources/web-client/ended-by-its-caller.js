// Ends a download at some moment, and returns the message of its failure.
async ({url, tokens, when}) => {
    const { FileStreamClient } = await import('/filestream.js');
    const ended = new AbortController();
    const end = () => ended.abort(new Error('the reader has gone'));
    const responses = {
        'while tokens are renewed': () => new Response('', {status: 401}),
        'while it waits': () => {
            setTimeout(end, 50);
            return new Response('', {status: 503, headers: {'Retry-After': '29'}});
        }};
    const client = new FileStreamClient({url, tokens, fetch: responses[when],
        renewTokens: () => {
            setTimeout(end, 50);
            return new Promise(() => undefined);
        }});
    const download = client.download({fileId: 'large.zip', fileType: 'zip', signal: ended.signal,
        onProgress: when === 'while it arrives' ? end : undefined});
    if (when === 'at once') {
        end();
    }
    return download.catch(failure => failure.message);
}
