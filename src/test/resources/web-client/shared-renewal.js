// Two downloads, of which the second is refused after the first has its file. Returns both sizes and the renewals.
async () => {
    const { FileStreamClient } = await import('/filestream.js');
    let [renewals, refusals, refuseSecond] = [0, 0, null];
    const firstHasItsFile = new Promise(resolve => refuseSecond = resolve);
    const client = new FileStreamClient({url: 'https://files.example.com',
        tokens: {appKey: 'a', accessToken: 'old', sessionToken: 'c'},
        renewTokens: async () => {
            renewals++;
            return {appKey: 'a', accessToken: 'new', sessionToken: 'c'};
        },
        fetch: async (url, {headers}) => {
            if (headers.Authorization === 'Bearer new') {
                return new Response('{"fileStream":"YQ==","resultCode":"0"}');
            }
            if (++refusals === 2) {
                await firstHasItsFile;
            }
            return new Response('', {status: 401});
        }});
    const [first, second] = ['1', '2'].map(fileId => client.download({fileId, fileType: 'txt'}));
    const files = [await first];
    refuseSecond();
    files.push(await second);
    return files.map(file => file.size).concat(renewals);
}
