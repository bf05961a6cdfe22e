package org.ccmessaging.filestream.http;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.apache.catalina.util.NetMaskSet;
import org.ccmessaging.filestream.settings.Between;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of waits for a client (decision 0016), and trusted proxies.
 *
 * @param headerTimeout maximum wait for a connection's first byte, and for the end of a request's headers
 * @param bodyTimeout maximum total wait for the body of a request
 * @param minReadRate minimum average rate at which a client reads a response, in bytes a second; 0 for any progress
 * @param trustedProxies networks (CIDR) of proxies whose header {@code X-Forwarded-For} names the client
 */
@ConfigurationProperties(prefix = "filestream.http", ignoreUnknownFields = false)
public record HttpSettings(
        @NotNull @Between(min = "1ms", max = "1h") Duration headerTimeout,
        @NotNull @Between(min = "1ms", max = "1h") Duration bodyTimeout,
        @NotNull @Between(min = "0B", max = "1MB") DataSize minReadRate,
        @DefaultValue List<String> trustedProxies) {

    /** @throws InvalidSettingException if a proxy is not a network */
    public HttpSettings {
        trustedProxies = trustedProxies.stream().filter(proxy -> !proxy.isBlank()).toList();
        trustedProxies.forEach(network -> SettingChecks.refuseIf(!new NetMaskSet().addAll(network).isEmpty(),
                "filestream.http.trusted-proxies", network, "networks such as 10.0.0.0/8, fd00::/8 or 192.0.2.7"));
    }
}
