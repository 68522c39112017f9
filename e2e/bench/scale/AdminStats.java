import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.admin.ConsumeStats;
import org.apache.rocketmq.remoting.protocol.admin.OffsetWrapper;
import org.apache.rocketmq.remoting.protocol.admin.TopicOffset;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * What the Java admin client says of every group and topic: {@code java AdminStats.java <nameservers> <groups file> <topics file> <output>}.
 * Lines: {@code Q group topic broker queue committed max}, {@code T group totalDiff}, {@code E topic broker queue min max}.
 */
public class AdminStats {
    public static void main(String[] args) throws Exception {
        System.setProperty("rocketmq.client.logUseSlf4j", "true");
        DefaultMQAdminExt admin = new DefaultMQAdminExt(20_000);
        admin.setNamesrvAddr(args[0]);
        admin.setInstanceName("admin-stats");
        admin.start();
        List<String> groups = Files.readAllLines(Path.of(args[1]));
        List<String> topics = Files.readAllLines(Path.of(args[2]));
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[3])))) {
            for (String group : groups) {
                ConsumeStats stats = admin.examineConsumeStats(group);
                for (Map.Entry<MessageQueue, OffsetWrapper> entry : new TreeMap<>(stats.getOffsetTable()).entrySet()) {
                    MessageQueue queue = entry.getKey();
                    OffsetWrapper offsets = entry.getValue();
                    out.println("Q\t" + group + "\t" + queue.getTopic() + "\t" + queue.getBrokerName() + "\t" + queue.getQueueId()
                        + "\t" + offsets.getConsumerOffset() + "\t" + offsets.getBrokerOffset());
                }
                out.println("T\t" + group + "\t" + stats.computeTotalDiff());
            }
            for (String topic : topics) {
                for (Map.Entry<MessageQueue, TopicOffset> entry : admin.examineTopicStats(topic).getOffsetTable().entrySet()) {
                    MessageQueue queue = entry.getKey();
                    out.println("E\t" + topic + "\t" + queue.getBrokerName() + "\t" + queue.getQueueId()
                        + "\t" + entry.getValue().getMinOffset() + "\t" + entry.getValue().getMaxOffset());
                }
            }
        }
        System.out.println("DONE");
        System.exit(0);
    }
}
