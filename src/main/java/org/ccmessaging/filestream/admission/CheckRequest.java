package org.ccmessaging.filestream.admission;

import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.FileTypeOutOfRangeException;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.util.StringUtils;

/**
 * Step {@code check-request}: checks variable {@code request} in the order of contract section 4, and replaces an alias
 * of a file type by the file type.
 */
@RouteStep(needs = "customer")
public record CheckRequest(DownloadSettings settings) implements Processor {

    private static final String CHANNEL = "WEB";
    private static final String MULTI_MEDIA = "multiMedia";

    @Override
    public void process(Exchange exchange) {
        DownloadRequest request = exchange.getVariable(Variables.REQUEST, DownloadRequest.class);
        if (request == null) {
            // Jackson accepts the JSON value null as a body.
            throw new InvalidRequestException("The body is not one JSON object.");
        }
        ClientRequest.parsed(exchange, request);
        if (!CHANNEL.equals(request.channel())) {
            throw new InvalidRequestException("channel: \"" + CHANNEL + "\" is expected.");
        }
        String multiMedia = request.multiMedia();
        if (!multiMedia.isEmpty() && !MULTI_MEDIA.equals(multiMedia)) {
            throw new InvalidRequestException("multiMedia: \"" + MULTI_MEDIA + "\" is expected, or nothing.");
        }
        Customer customer = Identity.require(exchange).customer();
        if (!StringUtils.hasText(customer.tenantId()) || !StringUtils.hasText(customer.channelId())
                || !StringUtils.hasText(customer.userId())) {
            throw new IdentityMissingException("the session token lacks tenantId, channelId or userId");
        }
        String fileType = request.fileType() == null ? "" : request.fileType().toLowerCase(Locale.ROOT);
        String aliased = settings.fileTypeAliases().get(fileType);
        if (aliased != null) {
            exchange.setVariable(Variables.REQUEST,
                    new DownloadRequest(request.fileId(), request.channel(), aliased, multiMedia));
        } else if (!settings.fileTypes().contains(fileType)) {
            throw new FileTypeOutOfRangeException("fileType is not one of filestream.download.file-types");
        }
    }
}
