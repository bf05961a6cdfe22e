// Gives the client made-up responses, each a list of its status, headers and body, in chunks of some bytes.
// Returns the text of the file, or the code of the failure and its retryAfter.
async ({responses, chunk, ...options}) => {
    const { FileStreamClient } = await import('/filestream.js');
    const made = ([status, headers, body]) => {
        const bytes = new TextEncoder().encode(body);
        return new Response(new ReadableStream({
            start(controller) {
                for (let at = 0; at < bytes.length; at += chunk) {
                    controller.enqueue(bytes.subarray(at, at + chunk));
                }
                controller.close();
            }}), {status, headers});
    };
    const requests = [];
    const client = new FileStreamClient({url: 'https://files.example.com', ...options,
        tokens: {appKey: 'a', accessToken: 'b', sessionToken: 'c'},
        fetch: async (url, {headers}) => {
            requests.push(url + (headers ? ' with credentials' : ''));
            return made(responses[requests.length - 1]);
        }});
    return client.download({fileId: 'x', fileType: 'txt'}).then(
        async blob => ({file: await blob.text(), requests}),
        ({code, text, retryAfter}) => ({code, text, retryAfter, requests}));
}
