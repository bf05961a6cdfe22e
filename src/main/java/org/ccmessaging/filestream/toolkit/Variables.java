package org.ccmessaging.filestream.toolkit;

/** Names of exchange variables. Routes read a variable as <code>${variable.name}</code>. */
public final class Variables {

    public static final String REQUEST = "request";
    public static final String CUSTOMER = "customer";
    public static final String TENANT_ID = "tenantId";
    public static final String CHANNEL_ID = "channelId";
    public static final String USER_ID = "userId";
    public static final String APP_KEY = "appKey";
    public static final String BRANCH = "branch";
    public static final String OBJECT_KEY = "objectKey";
    public static final String LOCATION = "location";
    public static final String OBJECT_REQUEST = "objectRequest";
    public static final String IN_MEMORY = "inMemory";
    public static final String RESULT_CODE = "resultCode";
    public static final String CAUSE = "cause";
    public static final String REASON = "reason";
    public static final String BYTES = "bytes";
    public static final String MS = "ms";
    public static final String REQUEST_ID = "requestId";

    private Variables() {
    }
}
