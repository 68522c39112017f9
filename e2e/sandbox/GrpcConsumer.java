import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.consumer.ConsumeResult;
import org.apache.rocketmq.client.apis.consumer.FilterExpression;
import org.apache.rocketmq.client.apis.consumer.FilterExpressionType;
import org.apache.rocketmq.client.apis.consumer.PushConsumer;
import org.apache.rocketmq.client.apis.message.MessageView;

/**
 * A gRPC PushConsumer behind a Proxy, of one thread that takes few messages ahead. What it does with a message is its tag:
 * `ok` succeeds, `fail` fails each time, `once` fails the first time, `hold` waits for the command.
 * Commands on standard input, each answered by its own word: start, stop, release (messages held, now and from now on).
 * Each delivery is a line on standard output: received tag key attempt.
 */
public class GrpcConsumer {
    static final int TAKEN_AHEAD = 4;

    final ClientServiceProvider provider = ClientServiceProvider.loadService();
    final CountDownLatch released = new CountDownLatch(1);
    final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PushConsumer consumer;

    /** Endpoint of the Proxy, group, topic. */
    public static void main(String[] args) throws Exception {
        GrpcConsumer program = new GrpcConsumer();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            switch (command) {
                case "start": program.start(args[0], args[1], args[2]); break;
                case "stop": program.consumer.close(); break;
                case "release": program.released.countDown(); break;
                default: throw new IllegalArgumentException(command);
            }
            program.out.println(command);
        }
        Runtime.getRuntime().halt(0);
    }

    void start(String endpoint, String group, String topic) throws Exception {
        consumer = provider.newPushConsumerBuilder()
            .setClientConfiguration(ClientConfiguration.newBuilder().setEndpoints(endpoint).enableSsl(false).build())
            .setConsumerGroup(group)
            .setSubscriptionExpressions(Collections.singletonMap(topic, new FilterExpression("*", FilterExpressionType.TAG)))
            .setMaxCacheMessageCount(TAKEN_AHEAD)
            .setConsumptionThreadCount(1)
            .setMessageListener(this::consume)
            .build();
    }

    ConsumeResult consume(MessageView message) {
        String tag = message.getTag().orElse("ok");
        int attempt = message.getDeliveryAttempt();
        out.println("received " + tag + " " + String.join(",", message.getKeys()) + " " + attempt);
        if (tag.equals("hold")) {
            try {
                released.await();
            } catch (InterruptedException stopped) {
                return ConsumeResult.FAILURE;
            }
        }
        boolean isFailing = tag.equals("fail") || (tag.equals("once") && attempt == 1);
        return isFailing ? ConsumeResult.FAILURE : ConsumeResult.SUCCESS;
    }
}
