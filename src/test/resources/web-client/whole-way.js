// The complete way of a web client that fetches its tokens itself.
async ({base, tokenByAkSk, applyToken, download}) => {
    const post = (path, headers, body) => fetch(base + path, {method: 'POST',
        headers: {'Content-Type': 'application/json', ...headers}, body: JSON.stringify(body)});
    const access = await (await post(tokenByAkSk, {'X-Token-Expire': '300'},
        {app_key: 'demo-app', app_secret: 'demo-secret'})).json();
    const app = {'x-app-key': access.AppKey, 'Authorization': 'Bearer ' + access.AccessToken};
    const session = await (await post(applyToken, app,
        {userId: 'alice', userName: 'Alice', channelId: 'web-1', locale: 'en'})).json();
    const response = await post(download, {...app, 'ccmessaging-token': session.token,
        'X-Request-Id': 'from-a-page'}, {fileId: 'welcome.pdf', channel: 'WEB', fileType: 'pdf'});
    return {code: response.headers.get('resultCode'), id: response.headers.get('X-Request-Id'),
        inBody: (await response.json()).resultCode};
}
