package org.ccmessaging.filestream.routes.check.rules;

/** What is true of a request at a point of its way. */
enum Fact {

    /** The way has begun at a clause and not at an entry. */
    IN_CLAUSE,

    /** The steps work on a copy, beside the request. */
    COPY,

    RECORDED, AUTHENTICATED, APP_AUTHENTICATED, BODY_READ, PARSED, CHECKED, ADMITTED, TOKEN_ISSUED,

    /** Variable {@code branch} is set. */
    BRANCH,

    /** Variable {@code objectKey} is set. */
    OBJECT_KEY,

    RESOLVED, REQUESTED, FETCHED, OPENED, CHUNK_READ, ENCODED, RESPONDED, FAILURE_RAISED,

    /** Header {@code resultCode} says success. */
    SUCCESS_CODE,

    /** Header {@code resultCode} says failure. */
    FAILURE_CODE,

    /** An expression made header {@code resultCode}. */
    ANY_CODE,

    DESC, STATUS,

    /** No header {@code CamelHttp…} of the request is left. */
    HTTP_CLEAN
}
