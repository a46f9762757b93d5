import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;

/**
 * One OpenSearch node in this process: java -cp 'HOME/lib/*' SmallNode.java HOME
 *
 * The server's own main refuses to run as root, this one does not. It ends when its standard input does, so that no node
 * outlives the tests that started it, however they end.
 */
public final class SmallNode {
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.builder().put("path.home", Path.of(args[0]).toAbsolutePath().toString()).build();
        Node node = new Node(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node"));
        node.start();
        InputStream parent = System.in;
        while (parent.read() >= 0) { }
        node.close();
        System.exit(0);
    }
}
