/**
 * Downloads the files of a chat with downloadFileStream, for web pages. It needs no other library. docs/web-clients.md
 * describes how to use it, and docs/contract.md the interface.
 *
 *     import { FileStreamClient } from './filestream.js';
 *
 *     const client = new FileStreamClient({
 *         url: 'https://files.example.com',
 *         tokens: { appKey, accessToken, sessionToken },
 *         renewTokens: async () => (await fetch('/chat/tokens', { method: 'POST' })).json(),
 *     });
 *     image.src = URL.createObjectURL(await client.download({ fileId, fileType: 'jpg' }));
 *
 * @module
 */

const PATH = '/apiaccess/ccmessaging/downloadFileStream';
const SESSION_TOKEN = 'ccmessaging-token';
const SUCCESS = '0';

/** Codes of failures that the client finds itself. All others are codes of the contract. */
export const NETWORK = 'network';
export const INCOMPLETE = 'incomplete';
export const LINK = 'link';

/** No type here runs scripts when a page shows it. */
const MIME_TYPES = {
    jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', bmp: 'image/bmp', bpm: 'image/bmp',
    mp3: 'audio/mpeg', aac: 'audio/aac', mp4: 'video/mp4',
    txt: 'text/plain', csv: 'text/csv', richtext: 'text/richtext', pdf: 'application/pdf',
    doc: 'application/msword', zip: 'application/zip',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

/** A download that failed. No part of the file is available. */
export class FileStreamError extends Error {

    name = 'FileStreamError';

    /**
     * @param {string} text description of the failure
     * @param {object} details
     * @param {string} details.code `resultCode` or `errorCode` of the response; `NETWORK` without a response or when
     *     the connection broke; `INCOMPLETE` if the body is not a complete response of the interface; `LINK` if the
     *     store refused the link to the file
     * @param {number} [details.status] HTTP status of the service, or of the store; `undefined` without a response
     * @param {string} [details.requestId] ID that the log of the service names
     * @param {number} [details.retryAfter] seconds after which a new attempt may succeed
     * @param {unknown} [details.cause] error of the browser
     */
    constructor(text, { code, status, requestId, retryAfter, cause }) {
        super(text, cause === undefined ? undefined : { cause });
        this.code = code;
        this.text = text;
        this.status = status;
        this.requestId = requestId;
        this.retryAfter = retryAfter;
    }
}

/**
 * @typedef {object} Tokens
 * @property {string} appKey key of the app
 * @property {string} accessToken from tokenByAkSk
 * @property {string} sessionToken from applyToken
 */

/** Downloads the files of one session. */
export class FileStreamClient {

    /** The tokens in use. `sessionToken` is the newest that the service sent. @type {Tokens} */
    tokens;

    #url;
    #fetch;
    #renewTokens;
    #onSessionToken;
    #attempts;
    #maxWait;
    /** The renewal in progress, which all downloads share. @type {Promise<void>|undefined} */
    #renewal;

    /**
     * @param {object} options
     * @param {string} options.url scheme, host and port of the service
     * @param {Tokens} options.tokens tokens for the first download
     * @param {() => Promise<Tokens>} [options.renewTokens] fetches new tokens; called at most once a download, when the
     *     service refuses the present ones
     * @param {(token: string) => void} [options.onSessionToken] receives a session token that the service renewed
     * @param {number} [options.attempts] largest number of requests while the service is busy (503) or has too many of the
     *     session (429); 1 for no retry
     * @param {number} [options.maxWait] longest time before a new attempt, in seconds; a download that would have to
     *     wait longer fails at once
     * @param {typeof fetch} [options.fetch] function to use instead of the browser's `fetch`
     */
    constructor({ url, tokens, renewTokens, onSessionToken, attempts = 3, maxWait = 30,
        fetch = globalThis.fetch.bind(globalThis) }) {
        this.tokens = tokens;
        this.#url = new URL(PATH, url).href;
        this.#fetch = fetch;
        this.#renewTokens = renewTokens;
        this.#onSessionToken = onSessionToken;
        this.#attempts = attempts;
        this.#maxWait = maxWait;
    }

    /**
     * Downloads a file. The promise fulfils only with a complete file.
     *
     * @param {object} file
     * @param {string} file.fileId `content` of the message
     * @param {string} file.fileType type of the file, such as `jpg`
     * @param {string} [file.multiMedia] `multiMedia` for a file of the multimedia library
     * @param {(received: number) => void} [file.onProgress] receives the number of bytes of the file so far
     * @param {AbortSignal} [file.signal] ends the download; the promise then rejects with the signal's reason
     * @returns {Promise<Blob>} the file, with the MIME type of its `fileType`
     * @throws {FileStreamError} if the service sent no complete file
     */
    async download({ fileId, fileType, multiMedia, onProgress, signal }) {
        const body = JSON.stringify({ fileId, channel: 'WEB', fileType, multiMedia });
        const type = MIME_TYPES[String(fileType).toLowerCase()] ?? 'application/octet-stream';
        let mayRenew = this.#renewTokens !== undefined;
        for (let attempt = 1; ; attempt++) {
            const call = await this.#post(body, signal);
            if (call.response.status === 200) {
                return await this.#read(call, new Parts(type, onProgress), signal);
            }
            const failure = await refusal(call, signal);
            // An operator may give an expired AccessToken the status 403.
            if (mayRenew && (failure.status === 401 || failure.status === 403)) {
                // Otherwise another download has renewed them since this request.
                if (this.tokens === call.used) {
                    mayRenew = false;
                    await orAborted(this.#renew(), signal);
                }
            } else if ((failure.status === 429 || failure.status === 503) && attempt < this.#attempts
                    && (failure.retryAfter ?? 1) <= this.#maxWait) {
                await orAborted(pause(failure.retryAfter ?? 1), signal);
            } else {
                throw failure;
            }
        }
    }

    async #post(body, signal) {
        const used = this.tokens;
        const requestId = newRequestId();
        const response = await orNetworkError({ requestId }, signal, () => this.#fetch(this.#url, {
            method: 'POST',
            headers: {
                'Content-Type': 'application/json',
                'X-Request-Id': requestId,
                'x-app-key': used.appKey,
                'Authorization': `Bearer ${used.accessToken}`,
                [SESSION_TOKEN]: used.sessionToken,
            },
            body,
            credentials: 'omit',
            cache: 'no-store',
            signal,
        }));
        const renewed = response.headers.get(SESSION_TOKEN);
        // A late response must not replace the tokens that another download has renewed meanwhile.
        if (renewed && this.tokens === used) {
            this.tokens = { ...used, sessionToken: renewed };
            this.#onSessionToken?.(renewed);
        }
        return { used, response, requestId: response.headers.get('X-Request-Id') ?? requestId };
    }

    #renew() {
        this.#renewal ??= (async () => {
            try {
                this.tokens = await this.#renewTokens();
            } finally {
                this.#renewal = undefined;
            }
        })();
        return this.#renewal;
    }

    async #read({ response, requestId }, parts, signal) {
        const details = { status: response.status, requestId };
        try {
            return await this.#file(response, details, parts, signal);
        } catch (failure) {
            throw failure instanceof Malformed
                ? new FileStreamError(failure.message, { ...details, code: INCOMPLETE, cause: failure.cause })
                : failure;
        }
    }

    async #file(response, details, parts, signal) {
        const envelope = new Envelope(parts);
        await readAll(response, details, signal, chunk => envelope.write(chunk));
        const { fileStream, fileUrl, resultCode, resultDesc } = envelope.end();
        // A streamed response has its outcome only behind the file. If there is a header too, both must be a success.
        const code = resultCode === SUCCESS ? response.headers.get('resultCode') ?? SUCCESS : resultCode;
        if (typeof code !== 'string') {
            throw new Malformed('The response has no resultCode.');
        }
        if (code !== SUCCESS) {
            throw new FileStreamError(resultDesc ?? `The download failed with code ${code}.`, { ...details, code });
        }
        if (typeof fileStream === 'string') {
            return envelope.file();
        }
        if (typeof fileUrl === 'string') {
            return await this.#follow(fileUrl, parts, details, signal);
        }
        throw new Malformed('The response has neither fileStream nor fileUrl.');
    }

    /** Reads the file from the store. The link is a credential itself: the request has no other, and no Referer. */
    async #follow(link, parts, { requestId }, signal) {
        const response = await orNetworkError({ requestId }, signal, () => this.#fetch(link, {
            credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', signal,
        }));
        const details = { status: response.status, requestId };
        if (response.status !== 200) {
            await response.body?.cancel();
            throw new FileStreamError('The store refused the link to the file.', { ...details, code: LINK });
        }
        await readAll(response, details, signal, chunk => parts.add(chunk));
        // Without a length, the end of the connection would be the end of the file, wherever it broke.
        if (!(parts.size >= Number(response.headers.get('Content-Length') ?? NaN))) {
            throw new Malformed('The store did not send the complete file with its length.');
        }
        return parts.blob();
    }
}

/** A body that is no complete response of the interface. */
class Malformed extends Error {
}

/**
 * Reads the JSON object of a response chunk by chunk. It decodes the value of `fileStream` when it arrives, and keeps
 * all other text, which `JSON.parse` then reads: a truncated or malformed body has no members.
 */
class Envelope {

    /** The service's members beside the file are much smaller, except for a signed link. */
    static #LARGEST_REST = 65_536;

    #base64 = new Base64();
    #parts;
    #rest = [];
    #files = 0;
    #inFile = false;
    #inString = false;
    #escaped = false;
    #afterColon = false;
    #depth = 0;
    #stringStart = 0;
    #name = '';

    /** @param {Parts} parts receives the file */
    constructor(parts) {
        this.#parts = parts;
    }

    /** @param {Uint8Array} chunk */
    write(chunk) {
        for (let at = 0; at < chunk.length;) {
            if (this.#inFile) {
                const quote = chunk.indexOf(0x22, at);
                const end = quote < 0 ? chunk.length : quote;
                this.#parts.add(this.#base64.decode(chunk.subarray(at, end)));
                this.#inFile = quote < 0;
                at = end;
            } else {
                this.#take(chunk[at++]);
            }
        }
    }

    /** Follows the structure as far as it tells where the value of fileStream begins. */
    #take(byte) {
        if (this.#rest.push(byte) > Envelope.#LARGEST_REST) {
            throw new Malformed('The response has more text than expected besides the file.');
        }
        const character = String.fromCharCode(byte);
        if (this.#inString) {
            if (this.#escaped) {
                this.#escaped = false;
            } else if (character === '\\') {
                this.#escaped = true;
            } else if (character === '"') {
                this.#inString = false;
                if (this.#depth === 1 && !this.#afterColon) {
                    this.#name = String.fromCharCode(...this.#rest.slice(this.#stringStart, -1));
                }
            }
        } else if (character === '"') {
            // The closing quote ends an empty string in the rest.
            this.#inString = true;
            this.#stringStart = this.#rest.length;
            if (this.#depth === 1 && this.#afterColon && this.#name === 'fileStream') {
                this.#inFile = true;
                if (++this.#files > 1) {
                    throw new Malformed('The response has fileStream twice.');
                }
            }
        } else if (character === '{' || character === '[') {
            this.#depth++;
        } else if (character === '}' || character === ']') {
            this.#depth--;
        } else if (this.#depth === 1 && (character === ':' || character === ',')) {
            this.#afterColon = character === ':';
        }
    }

    /** @returns {object} the members; `fileStream` is empty */
    end() {
        try {
            const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(this.#rest));
            return Object(JSON.parse(text));
        } catch (cause) {
            throw new Malformed('The response ended too early, or is not JSON.', { cause });
        }
    }

    /** @returns {Blob} the value of fileStream */
    file() {
        this.#base64.end();
        return this.#parts.blob();
    }
}

/** Base64 (RFC 4648 section 4) with padding and without line breaks, decoded in pieces of any length. */
class Base64 {

    static #VALUES = Base64.#values();

    #quantum = 0;
    #characters = 0;
    #padding = 0;

    static #values() {
        const values = new Int8Array(256).fill(-1);
        [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/']
            .forEach((character, value) => values[character.charCodeAt(0)] = value);
        return values;
    }

    /**
     * @param {Uint8Array} input
     * @returns {Uint8Array} the bytes that the input completes
     */
    decode(input) {
        const values = Base64.#VALUES;
        const output = new Uint8Array(Math.ceil((this.#characters + input.length) / 4) * 3);
        let written = 0;
        for (let at = 0; at < input.length;) {
            if (this.#characters === 0 && this.#padding === 0) {
                for (; at + 4 <= input.length; at += 4) {
                    const quantum = values[input[at]] << 18 | values[input[at + 1]] << 12
                        | values[input[at + 2]] << 6 | values[input[at + 3]];
                    if (quantum < 0) {
                        break;
                    }
                    output[written++] = quantum >> 16;
                    output[written++] = quantum >> 8;
                    output[written++] = quantum;
                }
            }
            if (at < input.length) {
                written = this.#one(input[at++], output, written);
            }
        }
        return output.subarray(0, written);
    }

    /** The careful way, for padding and for four characters that two chunks share. */
    #one(byte, output, written) {
        const padding = byte === 0x3d && this.#characters >= 2;
        const value = padding ? 0 : Base64.#VALUES[byte];
        if (value < 0 || this.#padding > 0 && !(padding && this.#characters > 0)) {
            throw new Malformed('The file is not Base64.');
        }
        this.#padding += padding ? 1 : 0;
        this.#quantum = this.#quantum << 6 | value;
        this.#characters = (this.#characters + 1) % 4;
        if (this.#characters > 0) {
            return written;
        }
        const quantum = this.#quantum;
        if (quantum & (1 << 8 * this.#padding) - 1) {
            throw new Malformed('The file is not Base64.');
        }
        for (let shift = 16; shift >= 8 * this.#padding; shift -= 8) {
            output[written++] = quantum >> shift;
        }
        this.#quantum = 0;
        return written;
    }

    end() {
        if (this.#characters > 0) {
            throw new Malformed('The file is not complete Base64.');
        }
    }
}

/** The bytes of a file. It hands them to the browser, which may keep them outside of the page's memory. */
class Parts {

    static #LARGEST_PART = 4 * 1024 * 1024;

    size = 0;
    #type;
    #onProgress;
    #blobs = [];
    #pending = [];
    #pendingSize = 0;

    /**
     * @param {string} type MIME type of the file
     * @param {(received: number) => void} [onProgress]
     */
    constructor(type, onProgress) {
        this.#type = type;
        this.#onProgress = onProgress;
    }

    /** @param {Uint8Array} bytes */
    add(bytes) {
        this.#pending.push(bytes);
        this.#pendingSize += bytes.length;
        this.size += bytes.length;
        this.#onProgress?.(this.size);
        if (this.#pendingSize >= Parts.#LARGEST_PART) {
            this.#flush();
        }
    }

    #flush() {
        this.#blobs.push(new Blob(this.#pending));
        this.#pending = [];
        this.#pendingSize = 0;
    }

    blob() {
        this.#flush();
        return new Blob(this.#blobs, { type: this.#type });
    }
}

/** Reads a body to its end, or cancels it. */
async function readAll(response, details, signal, take) {
    const reader = response.body.getReader();
    try {
        for (;;) {
            const { done, value } = await orNetworkError(details, signal, () => reader.read());
            if (done) {
                return;
            }
            take(value);
        }
    } catch (failure) {
        reader.cancel().catch(() => undefined);
        throw failure;
    }
}

/** Browsers report a broken connection as a TypeError that says little. */
async function orNetworkError(details, signal, work) {
    try {
        return await work();
    } catch (cause) {
        signal?.throwIfAborted();
        throw new FileStreamError(details.status === undefined
            ? 'No response: the server cannot be reached, or does not admit this origin.'
            : 'The connection broke before the complete file had arrived.', { ...details, code: NETWORK, cause });
    }
}

/** The failure that a response with another status than 200 describes. */
async function refusal({ response, requestId }, signal) {
    const { status, headers } = response;
    let body = {};
    try {
        body = Object(JSON.parse(await response.text()));
    } catch {
        signal?.throwIfAborted();
        // A gateway has its own error pages.
    }
    return new FileStreamError(String(body.exceptionInfo ?? `The service responded with status ${status}.`), {
        code: String(body.errorCode ?? headers.get('resultCode') ?? status),
        status, requestId, retryAfter: seconds(headers.get('Retry-After')),
    });
}

/** @returns {number|undefined} seconds of a Retry-After, which has a number or a date (RFC 9110 section 10.2.3) */
function seconds(retryAfter) {
    const value = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
    return Number.isNaN(value) ? undefined : Math.max(0, Math.ceil(value));
}

function pause(duration) {
    return new Promise(resolve => setTimeout(resolve, duration * 1000));
}

/** Waits for work that does not know the signal. */
function orAborted(work, signal) {
    return new Promise((resolve, reject) => {
        const end = () => reject(signal.reason);
        work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', end));
        signal?.addEventListener('abort', end, { once: true });
        signal?.throwIfAborted();
    });
}

/** Unlike `crypto.randomUUID`, this works on pages without TLS too. */
function newRequestId() {
    return 'web-' + Array.from(crypto.getRandomValues(new Uint8Array(12)),
        byte => byte.toString(16).padStart(2, '0')).join('');
}
