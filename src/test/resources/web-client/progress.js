// Returns what holds of the numbers that a page gets while a file arrives.
async ({url, tokens}) => {
    const { FileStreamClient } = await import('/filestream.js');
    const numbers = [];
    const file = await new FileStreamClient({url, tokens}).download(
        {fileId: 'large.zip', fileType: 'zip', onProgress: received => numbers.push(received)});
    return [numbers.length > 2, numbers.every((number, at) => number >= (numbers[at - 1] ?? 0)),
        numbers.at(-1) === file.size];
}
