package org.ccmessaging.filestream.dev;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.ccmessaging.filestream.library.CatalogueDatabase;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Files of the tenant of the demo app: {@code local/hello.txt}, a picture in the library, whose catalogue has its key,
 * and in standard storage a document, a sound, a film and a large picture.
 */
final class SampleFiles {

    static final String TENANT = "demo";

    private static final String LIBRARY_KEY = "pictures/circle.png";
    private static final String LOCAL_TEXT = "Hello from your agent.\n";

    private SampleFiles() {
    }

    static void store(Path localRoot, EmbeddedS3 s3) throws IOException {
        Path tenant = Files.createDirectories(localRoot.resolve(TENANT));
        Files.writeString(tenant.resolve("hello.txt"), LOCAL_TEXT);
        s3.put("local", TENANT + "/hello.txt", LOCAL_TEXT.getBytes(StandardCharsets.UTF_8));
        s3.put("multimedia-library", TENANT + "/" + LIBRARY_KEY, sample("circle.png"));
        for (String name : new String[] {"welcome.pdf", "chime.mp3", "film.mp4"}) {
            s3.put("standard", TENANT + "/" + name, sample(name));
        }
        // Its response is streamed: it starts before the service has read the complete file.
        s3.put("standard", TENANT + "/landscape.png", landscape());
    }

    /** Makes the table of the catalogue before the service does, with the row of the picture. */
    static void enter(Environment environment) {
        String url = environment.getProperty("spring.datasource.url", "");
        String user = environment.getProperty("spring.datasource.username", "");
        CatalogueDatabase.createTable(url, user);
        new JdbcTemplate(new DriverManagerDataSource(url, user, "")).update("merge into filestream.multimedia_file"
                + " values (?, '1179725658739559425', ?)", TENANT, LIBRARY_KEY);
    }

    private static byte[] sample(String name) throws IOException {
        return new ClassPathResource("samples/" + name).getContentAsByteArray();
    }

    /** A picture whose grain makes the file large. */
    private static byte[] landscape() throws IOException {
        System.setProperty("java.awt.headless", "true");
        BufferedImage image = new BufferedImage(960, 540, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, new Color(0x2b5d8a), 0, 400, new Color(0xf0c48a)));
        graphics.fillRect(0, 0, 960, 540);
        graphics.setColor(new Color(0xf0e8c4));
        graphics.fillOval(640, 190, 110, 110);
        graphics.setColor(new Color(0x3d5a4c));
        graphics.fillOval(-200, 300, 900, 600);
        graphics.setColor(new Color(0x24402f));
        graphics.fillOval(350, 360, 900, 600);
        graphics.dispose();
        Random grain = new Random(1);
        for (int pixel = 0; pixel < 960 * 540; pixel++) {
            int x = pixel % 960;
            int y = pixel / 960;
            // No component of the colours above exceeds 0xf0.
            image.setRGB(x, y, image.getRGB(x, y) + (grain.nextInt() & 0x0f0f0f));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
