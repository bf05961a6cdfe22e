// Downloads a file with the generated client: key and secret in, the file's bytes out on standard output.
// What it is told: the API's address, app key, app secret, fileId, fileType.
import { Configuration, FilesApi, ResponseError, TokensApi } from './generated-client';
import type { DownloadRequestFileTypeEnum } from './generated-client';

declare const process: {
    argv: string[];
    exitCode: number;
    stdout: { write(bytes: Uint8Array): void };
    stderr: { write(text: string): void };
};

async function download(address: string, appKey: string, secret: string, fileId: string, fileType: string) {
    const anyone = new Configuration({ basePath: address });
    const app = await new TokensApi(anyone).tokenByAkSk({
        accessTokenRequest: { appKey, appSecret: secret },
        xTokenExpire: 60,
    });
    const asApp = { basePath: address, accessToken: app.accessToken };
    const session = await new TokensApi(new Configuration({ ...asApp, apiKey: appKey })).applyToken({
        sessionRequest: { userId: 'alice', userName: 'Alice', channelId: 'web-1', locale: 'en' },
    });
    const credentials: Record<string, string> = { 'x-app-key': appKey, 'ccmessaging-token': session.token! };
    const files = new FilesApi(new Configuration({ ...asApp, apiKey: name => credentials[name] }));
    const answer = await files.downloadFileStream({
        downloadRequest: { fileId, channel: 'WEB', fileType: fileType as DownloadRequestFileTypeEnum },
    });
    if (answer.resultCode !== '0') {
        throw new Error(`${answer.resultCode} ${answer.resultDesc}`);
    }
    return Uint8Array.from(atob(answer.fileStream!), character => character.charCodeAt(0));
}

const [address, appKey, secret, fileId, fileType] = process.argv.slice(2);
download(address, appKey, secret, fileId, fileType)
    .then(bytes => process.stdout.write(bytes))
    .catch(async failure => {
        const text = failure instanceof ResponseError
            ? `HTTP ${failure.response.status} ${await failure.response.text()}` : String(failure);
        process.stderr.write(text + '\n');
        process.exitCode = 1;
    });
