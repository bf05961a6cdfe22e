package org.ccmessaging.filestream.console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.jolokia.server.core.restrictor.policy.PolicyRestrictor;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.RequestType;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads the policy that says what the console may see and do. */
final class ConsolePolicy {

    private static final String KEY = ConsoleSettings.PREFIX + ".policy";

    private ConsolePolicy() {
    }

    /**
     * Reads the file. Jolokia allows everything if there is no policy, and all that an incomplete policy does not
     * mention (decision 0010). The service therefore requires a policy that allows operations by name alone.
     *
     * @throws InvalidSettingException if the file is missing, is no policy, or allows more than named operations
     */
    static Restrictor read(Path file) {
        if (file == null || !Files.isReadable(file)) {
            throw new InvalidSettingException(KEY, file, "a Jolokia policy, but there is no such file"
                    + " (working directory " + Path.of("").toAbsolutePath() + ")");
        }
        Restrictor policy;
        try {
            byte[] xml = Files.readAllBytes(file);
            requireWellFormed(xml);
            policy = new PolicyRestrictor(new ByteArrayInputStream(xml));
        } catch (SAXParseException broken) {
            throw new InvalidSettingException(KEY, file, "a Jolokia policy, but line " + broken.getLineNumber()
                    + ", column " + broken.getColumnNumber() + ": " + broken.getMessage());
        } catch (IOException | SAXException | ParserConfigurationException | SecurityException unusable) {
            throw new InvalidSettingException(KEY, file, "a Jolokia policy, but " + unusable.getMessage());
        }
        if (policy.isTypeAllowed(RequestType.EXEC) || policy.isTypeAllowed(RequestType.WRITE)) {
            throw new InvalidSettingException(KEY, file, "a <commands> list without exec and write, so that every"
                    + " operation which is allowed is named in an <allow> rule");
        }
        return policy;
    }

    /** Jolokia would print what the parser says to the standard error, and does not tell where it is. */
    private static void requireWellFormed(byte[] xml) throws IOException, SAXException, ParserConfigurationException {
        SAXParserFactory.newInstance().newSAXParser().parse(new ByteArrayInputStream(xml), new DefaultHandler() {

            /** Nothing but the file counts. */
            @Override
            public InputSource resolveEntity(String publicId, String systemId) {
                return new InputSource(new StringReader(""));
            }
        });
    }
}
