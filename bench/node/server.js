// What a good engineer would write in Node.js: http, the AWS SDK, Base64 on chunks, back-pressure by the stream pipeline.
// One process, as Node.js is started.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, Agent } from "node:http";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const env = process.env;
const HEAD = '{"fileStream":"';
const SUCCESS = '","resultCode":"0"}';
const BROKEN = '","resultCode":"13","resultDesc":"downloadFileStream IOException"}';
const SMALL_BYTES = 256 * 1024;
const CLOCK_SKEW_SECONDS = 30;

const s3 = new S3Client({
  endpoint: env.FILESTREAM_S3_ENDPOINT,
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: env.FILESTREAM_S3_ACCESS_KEY, secretAccessKey: env.FILESTREAM_S3_SECRET_KEY },
  requestHandler: new NodeHttpHandler({
    httpAgent: new Agent({ keepAlive: true, maxSockets: Number(env.FILESTREAM_S3_MAX_CONNECTIONS) }),
  }),
});

class Unauthorized extends Error {}

function claims(token, audience) {
  const [header, payload, signature, rest] = (token ?? "").split(".");
  if (!signature || rest !== undefined) throw new Unauthorized();
  const expected = createHmac("sha256", env.FILESTREAM_AUTH_SIGNING_KEY).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Unauthorized();
  if (JSON.parse(Buffer.from(header, "base64url")).alg !== "HS256") throw new Unauthorized();
  const all = JSON.parse(Buffer.from(payload, "base64url"));
  const alive = all.exp > Date.now() / 1000 - CLOCK_SKEW_SECONDS;
  if (!alive || all.iss !== "ccmessaging-filestream" || ![].concat(all.aud).includes(audience)) throw new Unauthorized();
  return all;
}

function tenant(headers) {
  const [scheme, accessToken] = (headers.authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer") throw new Unauthorized();
  const access = claims(accessToken, "apiaccess");
  const session = claims(headers["ccmessaging-token"], "ccmessaging");
  const appKey = headers["x-app-key"];
  if (!appKey || access.sub !== appKey || session.azp !== appKey) throw new Unauthorized();
  return session.tenantId;
}

async function read(request) {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  return JSON.parse(text);
}

async function* envelope(object) {
  yield HEAD;
  let left = Buffer.alloc(0);
  try {
    for await (const part of object) {
      // What does not fill a group of three bytes waits for the next part, so that there is no padding in between.
      const bytes = left.length ? Buffer.concat([left, part]) : part;
      const whole = bytes.length - (bytes.length % 3);
      yield bytes.toString("base64", 0, whole);
      left = bytes.subarray(whole);
    }
  } catch {
    yield BROKEN;
    return;
  }
  yield left.toString("base64") + SUCCESS;
}

async function download(request, response) {
  const folder = tenant(request.headers);
  const { fileId } = await read(request);
  const object = await s3.send(new GetObjectCommand({ Bucket: "standard", Key: `${folder}/${fileId}` }));
  const headers = { "Content-Type": "application/json" };
  if (object.ContentLength <= SMALL_BYTES) {
    const base64 = Buffer.from(await object.Body.transformToByteArray()).toString("base64");
    const answer = HEAD + base64 + SUCCESS;
    response.writeHead(200, { ...headers, "Content-Length": answer.length });
    response.end(answer, "latin1");
    return;
  }
  response.writeHead(200, headers);
  await pipeline(envelope(object.Body), response);
}

createServer((request, response) => {
  download(request, response).catch((failure) => {
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(failure instanceof Unauthorized ? 401 : 500).end();
    }
  });
}).listen(Number(env.SERVER_PORT), "127.0.0.1");
