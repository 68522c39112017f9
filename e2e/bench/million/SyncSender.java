import java.nio.charset.StandardCharsets;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;

/**
 * Sends messages one after the other, each when the one before is stored: {@code java SyncSender.java <nameservers> <topic>
 * <warm-up> <messages> <runs>}. Prints {@code RATE <messages per second>} for each run.
 */
public class SyncSender {
    public static void main(String[] args) throws Exception {
        System.setProperty("rocketmq.client.logUseSlf4j", "true");
        DefaultMQProducer producer = new DefaultMQProducer("sync-sender");
        producer.setNamesrvAddr(args[0]);
        producer.setSendMsgTimeout(10_000);
        producer.start();
        send(producer, args[1], Integer.parseInt(args[2]));
        int messages = Integer.parseInt(args[3]);
        for (int run = Integer.parseInt(args[4]); run > 0; run--) {
            long startedAt = System.nanoTime();
            send(producer, args[1], messages);
            System.out.println("RATE " + messages * 1e9 / (System.nanoTime() - startedAt));
        }
        System.exit(0);
    }

    private static void send(DefaultMQProducer producer, String topic, int messages) throws Exception {
        for (int n = 0; n < messages; n++) {
            String key = "ORD-" + (100_000_000 + n);
            byte[] body = ("{\"order\":\"" + key + "\",\"customer\":" + n % 9973 + ",\"total\":19.99,\"currency\":\"EUR\",\"items\":3}")
                .getBytes(StandardCharsets.UTF_8);
            Message message = new Message(topic, "PAID", key, body);
            message.putUserProperty("errorType", "InventoryTimeoutException: no answer for order " + n + " within 3000 ms");
            if (producer.send(message).getSendStatus() != SendStatus.SEND_OK) {
                throw new IllegalStateException("not stored");
            }
        }
    }
}
