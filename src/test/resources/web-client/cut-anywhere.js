// Cuts a response after each of its characters, and returns the outcomes that are not code {@code
// incomplete}.
async body => {
    const { FileStreamClient } = await import('/filestream.js');
    const others = [];
    for (let cut = 0; cut <= body.length; cut++) {
        const client = new FileStreamClient({url: 'https://files.example.com',
            tokens: {appKey: 'a', accessToken: 'b', sessionToken: 'c'},
            fetch: async () => new Response(body.slice(0, cut))});
        const outcome = await client.download({fileId: 'x', fileType: 'txt'})
            .then(blob => blob.text(), failure => failure.code);
        if (outcome !== 'incomplete') {
            others.push(cut + ' ' + outcome);
        }
    }
    return others;
}
