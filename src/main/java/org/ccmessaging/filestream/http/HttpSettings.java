package org.ccmessaging.filestream.http;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.apache.catalina.util.NetMaskSet;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of waits for a client (decision 0016), and trusted proxies.
 *
 * @param headerTimeout maximum wait for a connection's first byte, and for the end of a request's headers; more than 0
 * @param bodyTimeout maximum total wait for the body of a request; more than 0
 * @param minReadRate minimum average rate at which a client reads a response; from 0 (any progress) to 1 MB a second
 * @param trustedProxies networks (CIDR) of proxies whose header {@code X-Forwarded-For} names the client
 */
@ConfigurationProperties(prefix = "filestream.http", ignoreUnknownFields = false)
public record HttpSettings(
        @NotNull @DurationMin(nanos = 1) Duration headerTimeout,
        @NotNull @DurationMin(nanos = 1) Duration bodyTimeout,
        DataSize minReadRate,
        @DefaultValue List<String> trustedProxies) {

    private static final String PREFIX = "filestream.http.";

    /** @throws InvalidSettingException if the rate is out of range, or a proxy is not a network */
    public HttpSettings {
        SettingChecks.requireBetween(PREFIX + "min-read-rate", minReadRate, DataSize.ofBytes(0),
                DataSize.ofMegabytes(1), "a size from 0B to 1MB");
        trustedProxies = trustedProxies.stream().filter(proxy -> !proxy.isBlank()).toList();
        trustedProxies.forEach(network -> SettingChecks.refuseIf(!new NetMaskSet().addAll(network).isEmpty(),
                PREFIX + "trusted-proxies", network, "networks such as 10.0.0.0/8, fd00::/8 or 192.0.2.7"));
    }
}
