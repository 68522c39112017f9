import com.alibaba.fastjson.JSON;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.AccessChannel;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.client.trace.AsyncTraceDispatcher;
import org.apache.rocketmq.client.trace.TraceDispatcher;
import org.apache.rocketmq.client.trace.hook.ConsumeMessageTraceHookImpl;
import org.apache.rocketmq.client.trace.hook.EndTransactionTraceHookImpl;
import org.apache.rocketmq.client.trace.hook.SendMessageTraceHookImpl;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.protocol.admin.ConsumeStats;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * A shop with real failures, made with the real client.
 *
 * java -cp 'lib/*' Workload.java --namesrv host:port[;host:port] [--seed 42] [--profile demo|test]
 *
 * Creates topics and groups, sends a fixed amount, waits until the dead letters have arrived, prints READY and a JSON
 * summary in one line, and then keeps a trickle of traffic going until standard input closes.
 */
@SuppressWarnings("deprecation")
public class Workload {
    static final int QUEUES = 4;

    final String nameServers;
    final boolean small;
    final Random random;
    final DefaultMQAdminExt admin = new DefaultMQAdminExt(10_000);
    /** One for all clients: a thread of each looks for traces every 5 ms, and 22 of them need a sixth of a core. */
    final TraceDispatcher traces = new AsyncTraceDispatcher("shop", TraceDispatcher.Type.PRODUCE, 10, null, null);
    final Map<String, DefaultMQProducer> producers = new LinkedHashMap<>();
    final Map<String, Integer> expectedDead = new TreeMap<>();
    final AtomicInteger sent = new AtomicInteger();
    final long startedAt = System.currentTimeMillis();
    TransactionMQProducer payments;
    List<String> masters;
    int order = 884_000;
    int customer = 51_000;

    Workload(String nameServers, long seed, boolean small) {
        this.nameServers = nameServers;
        this.small = small;
        this.random = new Random(seed);
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) options.put(args[i], args[i + 1]);
        endWithStandardInput();
        Workload workload = new Workload(options.get("--namesrv"), Long.parseLong(options.getOrDefault("--seed", "42")),
            "test".equals(options.get("--profile")));
        try {
            workload.prepare();
            workload.traces.start(workload.nameServers, AccessChannel.LOCAL);
            workload.startConsumers();
            workload.seed();
            System.out.println("READY " + JSON.toJSONString(workload.awaitDead()));
            System.out.flush();
            workload.live();
        } catch (Throwable error) {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** The listener threads of a stuck group are no daemons: halt is the only way out. */
    static void endWithStandardInput() {
        Thread watcher = new Thread(() -> {
            try {
                while (System.in.read() >= 0) { /* until it closes */ }
            } catch (java.io.IOException closed) { /* the same */ }
            Runtime.getRuntime().halt(0);
        }, "stdin");
        watcher.setDaemon(true);
        watcher.start();
    }

    // ---- topics and groups -------------------------------------------------------------------------------------

    /** Topic → message type, "-" for none. */
    static final Map<String, String> TOPICS = new LinkedHashMap<>();
    /** Group → the topic it reads. */
    static final Map<String, String> GROUPS = new LinkedHashMap<>();

    static {
        for (String line : new String[] {
            "orders-paid NORMAL", "customer-events NORMAL", "notify-requests NORMAL", "inventory-delta NORMAL",
            "payments-flagged NORMAL", "returns-opened NORMAL", "price-updates NORMAL", "device-heartbeat NORMAL",
            "payments-captured TRANSACTION", "ledger-entries FIFO", "pick-lists FIFO", "invoices-due DELAY",
            "catalog-changes -", "visits-closed -", "shop|legacy%import -" }) {
            String[] parts = line.split(" ");
            TOPICS.put(parts[0], parts[1]);
        }
        for (String line : new String[] {
            "orders-fulfilment orders-paid", "coupon-issue orders-paid", "loyalty-points orders-paid",
            "crm-sync customer-events", "notify-email notify-requests", "sms-gateway notify-requests",
            "inventory-sync inventory-delta", "risk-scoring payments-flagged", "returns-intake returns-opened",
            "pricing-cache price-updates", "fleet-state device-heartbeat", "payments-settle payments-captured",
            "ledger-export ledger-entries", "warehouse-pick pick-lists", "invoice-render invoices-due",
            "search-indexer catalog-changes", "legacy|import shop|legacy%import" }) {
            String[] parts = line.split(" ");
            GROUPS.put(parts[0], parts[1]);
        }
    }

    void prepare() throws Exception {
        configure(admin, "admin");
        admin.start();
        masters = new ArrayList<>();
        for (BrokerData broker : admin.examineBrokerClusterInfo().getBrokerAddrTable().values()) {
            masters.add(broker.getBrokerAddrs().get(0L));
        }
        Collections.sort(masters);
        for (String master : masters) {
            for (Map.Entry<String, String> topic : TOPICS.entrySet()) createTopic(master, topic.getKey(), topic.getValue(), QUEUES);
            for (String group : GROUPS.keySet()) {
                SubscriptionGroupConfig config = new SubscriptionGroupConfig();
                config.setGroupName(group);
                config.setConsumeBroadcastEnable(true);
                admin.createAndUpdateSubscriptionGroupConfig(master, config);
                // Otherwise the first retries of a new group come 20 to 40 s late.
                createTopic(master, "%RETRY%" + group, "-", 1);
            }
        }
    }

    void createTopic(String master, String name, String type, int queues) throws Exception {
        TopicConfig config = new TopicConfig(name, queues, queues, 6);
        if (!type.equals("-")) config.getAttributes().put("+message.type", type);
        admin.createAndUpdateTopicConfig(master, config);
    }

    void configure(ClientConfig client, String instance) {
        client.setNamesrvAddr(nameServers);
        client.setInstanceName(instance);
        client.setClientCallbackExecutorThreads(1);
        client.setPollNameServerInterval(5_000);
        client.setHeartbeatBrokerInterval(5_000);
        client.setPersistConsumerOffsetInterval(1_000);
    }

    // ---- consumers ---------------------------------------------------------------------------------------------

    /** What a listener does with one message: an exception or RECONSUME_LATER is a failure. */
    interface Handler {
        ConsumeConcurrentlyStatus handle(MessageExt message) throws Exception;
    }

    static final ConsumeConcurrentlyStatus OK = ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
    static final ConsumeConcurrentlyStatus LATER = ConsumeConcurrentlyStatus.RECONSUME_LATER;

    void startConsumers() throws Exception {
        int ladder = small ? 5 : 16;
        for (int member = 1; member <= 2; member++) {
            consume("orders-fulfilment", "*", ladder, member, true, message -> {
                String cause = message.getUserProperty("errorType");
                if (cause == null || cause.startsWith("Coupon")) return OK;
                if (cause.startsWith("Inventory")) {
                    if (!inventoryIsDown()) return OK;
                    Thread.sleep(20);
                    return LATER;
                }
                throw new IllegalStateException(message.getUserProperty("errorMessage"));
            });
        }
        consume("coupon-issue", "*", 3, 1, true, message -> "CouponExpiredException".equals(message.getUserProperty("errorType")) ? LATER : OK);
        consume("loyalty-points", "PAID || PAID_VIP", 16, 1, false, message -> OK);
        consume("crm-sync", "*", 3, 1, false, message -> {
            if ("TooManyRequestsException".equals(message.getUserProperty("errorType"))) throw new RuntimeException("429 Too Many Requests");
            return OK;
        });
        // A flaky mail relay: fails twice, then delivers. Its messages wait for retries, none dies.
        consume("notify-email", "*", 16, 1, true, message ->
            "true".equals(message.getUserProperty("relayBusy")) && message.getReconsumeTimes() < (small ? 3 : 10) ? LATER : OK);
        consume("sms-gateway", "SMS", 16, 1, false, message -> OK);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger applied = new AtomicInteger();
        consume("inventory-sync", "*", 16, 1, false, message -> {
            if (applied.incrementAndGet() > 24) never.await();
            return OK;
        });
        consume("returns-intake", "*", 3, 1, true, message -> {
            if ("NullPointerException".equals(message.getUserProperty("errorType"))) throw new NullPointerException("parcel");
            return OK;
        });
        consume("fleet-state", "*", 16, 1, false, message -> OK);
        consume("payments-settle", "*", 3, 1, true, message -> {
            if ("ConsumeTimeoutException".equals(message.getUserProperty("errorType"))) return LATER;
            Thread.sleep(1_500);
            return OK;
        });
        // No property tells why: the renderer fails on what it cannot render.
        consume("invoice-render", "*", 3, 1, false, message -> message.getKeys().endsWith("7") ? LATER : OK);
        consume("search-indexer", "*", 16, 1, false, message -> OK);
        consume("legacy|import", "*", 16, 1, false, message -> OK);
        DefaultMQPushConsumer cache = consumer("pricing-cache", 16, 1, false);
        cache.setMessageModel(MessageModel.BROADCASTING);
        start(cache, "*", message -> OK);
        consumeOrderly("ledger-export", message -> true);
        consumeOrderly("warehouse-pick", message -> message.getUserProperty("errorType") == null);
    }

    /** Down for three minutes of every five: what died meanwhile can be redriven with success. Down while the seed runs. */
    boolean inventoryIsDown() {
        return (System.currentTimeMillis() - startedAt) / 60_000 % 5 < 3;
    }

    DefaultMQPushConsumer consumer(String group, int maxReconsume, int member, boolean traced) {
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(group);
        if (traced) consumer.getDefaultMQPushConsumerImpl().registerConsumeMessageHook(new ConsumeMessageTraceHookImpl(traces));
        configure(consumer, group + "-" + member);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setMaxReconsumeTimes(maxReconsume);
        consumer.setConsumeThreadMin(2);
        consumer.setConsumeThreadMax(2);
        consumer.setPullThresholdForQueue(64);
        return consumer;
    }

    void consume(String group, String tags, int maxReconsume, int member, boolean traced, Handler handler) throws Exception {
        start(consumer(group, maxReconsume, member, traced), tags, handler);
    }

    void start(DefaultMQPushConsumer consumer, String tags, Handler handler) throws Exception {
        consumer.subscribe(GROUPS.get(consumer.getConsumerGroup()), tags);
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            try {
                return handler.handle(messages.get(0));
            } catch (RuntimeException error) {
                throw error;
            } catch (Exception error) {
                return LATER;
            }
        });
        consumer.start();
    }

    interface OrderlyHandler {
        boolean succeeds(MessageExt message);
    }

    void consumeOrderly(String group, OrderlyHandler handler) throws Exception {
        DefaultMQPushConsumer consumer = consumer(group, 3, 1, true);
        consumer.setSuspendCurrentQueueTimeMillis(300);
        consumer.subscribe(GROUPS.get(group), "*");
        consumer.registerMessageListener((MessageListenerOrderly) (messages, context) -> handler.succeeds(messages.get(0))
            ? ConsumeOrderlyStatus.SUCCESS : ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT);
        consumer.start();
    }

    // ---- producers ---------------------------------------------------------------------------------------------

    DefaultMQProducer producer(String group) throws Exception {
        DefaultMQProducer known = producers.get(group);
        if (known != null) return known;
        DefaultMQProducer producer = new DefaultMQProducer(group);
        configure(producer, group);
        trace(producer);
        producer.setSendMsgTimeout(5_000);
        producer.setRetryTimesWhenSendFailed(3);
        producer.setSendLatencyFaultEnable(true);
        producer.start();
        lessRestless(producer);
        producers.put(group, producer);
        return producer;
    }

    void trace(DefaultMQProducer producer) {
        producer.getDefaultMQProducerImpl().registerSendMessageHook(new SendMessageTraceHookImpl(traces));
        producer.getDefaultMQProducerImpl().registerEndTransactionHook(new EndTransactionTraceHookImpl(traces));
    }

    /** Two threads of each producer look every 5 ms for batches, which nobody asks for: a tenth of a core for all of them. */
    static void lessRestless(DefaultMQProducer producer) {
        producer.batchMaxDelayMs(1_000);
    }

    void send(String service, Message message) throws Exception {
        producer(service).send(message);
        sent.incrementAndGet();
    }

    /** Same key, same queue: order is kept per key. */
    void sendOrderly(String service, Message message) throws Exception {
        producer(service).send(message, (queues, sent, key) -> queues.get(Math.floorMod(key.hashCode(), queues.size())), message.getKeys());
        sent.incrementAndGet();
    }

    static Message message(String topic, String tag, String key, byte[] body) {
        return new Message(topic, tag, key, body);
    }

    static byte[] json(Object... pairs) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) object.put((String) pairs[i], pairs[i + 1]);
        return JSON.toJSONBytes(object);
    }

    Message because(Message message, String errorType, String errorMessage) {
        message.putUserProperty("errorType", errorType);
        message.putUserProperty("errorMessage", errorMessage);
        return message;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    static final List<String> BUYERS = List.of("张伟", "Zoë Lindqvist", "王芳", "José Álvarez", "Anna Kowalska", "李娜", "Søren Ås", "Maya 🌊 Cohen");
    static final List<String> CITIES = List.of("上海", "Köln", "Łódź", "São Paulo", "深圳", "Reykjavík");
    static final List<String> PRODUCTS = List.of("咖啡豆 500 g", "Trail shoe 42", "Café moka pot", "LED lamp", "Bicycle bell");

    Message orderPaid(String tag) {
        String id = "ORD-" + order++;
        List<Object> lines = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            lines.add(Map.of("sku", "SKU-" + (1000 + random.nextInt(9000)), "name", pick(PRODUCTS), "quantity", 1 + random.nextInt(4)));
        }
        Message message = message("orders-paid", tag, id, json("orderId", id, "state", "PAID",
            "amount", Map.of("value", 990 + random.nextInt(90_000), "currency", "CNY"), "lines", lines,
            "buyer", Map.of("name", pick(BUYERS), "city", pick(CITIES)), "express", random.nextBoolean()));
        message.putUserProperty("channel", pick(List.of("web", "app", "pos")));
        return message;
    }

    /** One of the four ways fulfilment fails. */
    Message brokenOrder(int kind) {
        switch (kind % 10) {
            case 0: case 1: case 2: case 3: case 4:
                return because(orderPaid("PAID"), "InventoryTimeoutException", "reserve() exceeded 3000 ms");
            case 5: case 6:
                return because(orderPaid("PAID"), "IllegalStateException", "order already in state SHIPPED");
            case 7: case 8:
                return because(orderPaid("PAID_GIFT"), "JsonMappingException", "unknown field \"giftWrap\"");
            default:
                return because(orderPaid("PAID_VIP"), "ConsumeTimeoutException", "no result within 15 min");
        }
    }

    Message customerEvent(boolean broken) {
        String id = "CUS-" + customer++;
        Message message = message("customer-events", pick(List.of("SIGNED_UP", "MOVED", "RENAMED")), id,
            json("customerId", id, "name", pick(BUYERS), "city", pick(CITIES), "consent", random.nextBoolean()));
        return broken ? because(message, "TooManyRequestsException", "429 Too Many Requests") : message;
    }

    Message notification() {
        boolean mail = random.nextInt(3) > 0;
        String id = "NTF-" + (700_000 + sent.get());
        Message message = message("notify-requests", mail ? "EMAIL" : "SMS", id,
            json("to", mail ? "buyer" + random.nextInt(900) + "@example.org" : "+86 138 0000 " + (1000 + random.nextInt(9000)),
                "template", pick(List.of("order-shipped", "refund-done", "welcome")), "locale", pick(List.of("zh-CN", "en", "sv"))));
        if (mail && random.nextInt(6) == 0) message.putUserProperty("relayBusy", "true");
        return message;
    }

    Message heartbeat() {
        byte[] body = new byte[200 + random.nextInt(400)];
        random.nextBytes(body);
        return message("device-heartbeat", "V2", "DEV-" + (100 + random.nextInt(60)), body);
    }

    Message catalogChange(boolean large) {
        String sku = "SKU-" + (1000 + random.nextInt(9000));
        String text = sku + ";" + pick(PRODUCTS) + ";" + (990 + random.nextInt(9000)) + "\n";
        if (large) {
            StringBuilder sheet = new StringBuilder("sku;name;price\n");
            while (sheet.length() < 60 * 1024) sheet.append(sku).append(';').append(pick(PRODUCTS)).append(';').append(random.nextInt(100_000)).append('\n');
            text = sheet.toString();
        }
        return message("catalog-changes", large ? "SHEET" : "ROW", sku, text.getBytes(StandardCharsets.UTF_8));
    }

    Message invoice(int number) {
        String id = "INV-" + number;
        return message("invoices-due", "DUE", id, json("invoiceId", id, "due", "2026-12-01", "total", 1000 + random.nextInt(50_000)));
    }

    Message pickList(String id, boolean broken) {
        Message message = message("pick-lists", "PICK", id, json("pickList", id, "aisle", random.nextInt(30), "shelf", random.nextInt(8)));
        return broken ? because(message, "ScannerOfflineException", "handheld 17 lost its session") : message;
    }

    Message returned(boolean broken) {
        String id = "RET-" + (3000 + sent.get());
        Message message = message("returns-opened", "OPENED", id, json("returnId", id, "reason", pick(List.of("size", "damaged", "太大了"))));
        return broken ? because(message, "NullPointerException", "parcel is null") : message;
    }

    Message stockChange() {
        String sku = "SKU-" + (1000 + random.nextInt(9000));
        return message("inventory-delta", "DELTA", sku, json("sku", sku, "delta", random.nextInt(40) - 20, "site", pick(CITIES)));
    }

    void capturePayment(boolean broken) throws Exception {
        String id = "PAY-" + (410_000 + sent.get());
        Message message = message("payments-captured", "CAPTURED", id, json("paymentId", id, "amount", 500 + random.nextInt(80_000), "method", pick(List.of("card", "wallet"))));
        if (broken) because(message, "ConsumeTimeoutException", "no result within 15 min");
        payments.sendMessageInTransaction(message, random.nextInt(20));
        sent.incrementAndGet();
    }

    void startPayments() throws Exception {
        payments = new TransactionMQProducer("payments-api");
        configure(payments, "payments-api");
        trace(payments);
        Set<String> undecided = ConcurrentHashMap.newKeySet();
        payments.setExecutorService(Executors.newSingleThreadExecutor());
        payments.setTransactionListener(new TransactionListener() {
            @Override
            public LocalTransactionState executeLocalTransaction(Message message, Object dice) {
                if (message.getUserProperty("errorType") != null) return LocalTransactionState.COMMIT_MESSAGE;
                switch ((Integer) dice) {
                    case 0: return LocalTransactionState.ROLLBACK_MESSAGE;
                    case 1: undecided.add(message.getKeys()); return LocalTransactionState.UNKNOW;
                    case 2: return LocalTransactionState.UNKNOW;
                    default: return LocalTransactionState.COMMIT_MESSAGE;
                }
            }

            @Override
            public LocalTransactionState checkLocalTransaction(MessageExt message) {
                return undecided.contains(message.getKeys()) ? LocalTransactionState.UNKNOW : LocalTransactionState.COMMIT_MESSAGE;
            }
        });
        payments.start();
        lessRestless(payments);
    }

    // ---- seed --------------------------------------------------------------------------------------------------

    void seed() throws Exception {
        int scale = small ? 1 : 4;
        startPayments();
        // First what has to climb the ladder.
        for (int i = 0; i < 10 * scale; i++) send("checkout", brokenOrder(i));
        expectedDead.put("orders-fulfilment", 10 * scale);
        for (int i = 0; i < 4 * scale; i++) send("checkout", because(orderPaid("PAID_GIFT"), "CouponExpiredException", "coupon SPRING-26 ended yesterday"));
        expectedDead.put("coupon-issue", 4 * scale);
        for (int i = 0; i < 12 * scale; i++) send("crm-api", customerEvent(i % 2 == 0));
        expectedDead.put("crm-sync", 6 * scale);
        for (int i = 0; i < 5 * scale; i++) send("returns-desk", returned(i % 2 == 0));
        expectedDead.put("returns-intake", (5 * scale + 1) / 2);
        for (int i = 0; i < 6 * scale; i++) sendOrderly("warehouse", pickList("PCK-" + i, i % 6 == 0));
        expectedDead.put("warehouse-pick", scale);
        int unrenderable = 0;
        for (int i = 0; i < 10 * scale; i++) {
            Message message = invoice(88_000 + i);
            if (i % 2 == 0) message.setDelayTimeLevel(1 + random.nextInt(3));
            else message.setDelayTimeMs(1_000 + random.nextInt(3_000));
            if (message.getKeys().endsWith("7")) unrenderable++;
            send("billing", message);
        }
        expectedDead.put("invoice-render", unrenderable);
        for (int i = 0; i < 3; i++) capturePayment(true);
        expectedDead.put("payments-settle", 3);

        risk(20 * scale);
        for (int i = 0; i < 30 * scale; i++) send("checkout", orderPaid(pick(List.of("PAID", "PAID", "PAID_VIP", "PAID_GIFT"))));
        for (int i = 0; i < 20 * scale; i++) send("notifier", notification());
        for (int i = 0; i < 40 * scale; i++) send("warehouse", stockChange());
        for (int i = 0; i < 10 * scale; i++) send("telemetry", heartbeat());
        for (int i = 0; i < 10 * scale; i++) send("catalog", catalogChange(i == 5));
        for (int i = 0; i < 10 * scale; i++) send("pricing", message("price-updates", "PRICE", "SKU-" + (1000 + i), json("sku", "SKU-" + (1000 + i), "price", random.nextInt(9_000))));
        for (int i = 0; i < 8 * scale; i++) sendOrderly("ledger", message("ledger-entries", "ENTRY", "ACC-" + i % 5, json("account", "ACC-" + i % 5, "seq", i, "cents", random.nextInt(9_000))));
        for (int i = 0; i < 5 * scale; i++) send("web", message("visits-closed", "VISIT", "VIS-" + i, ("visit " + i + " closed after " + random.nextInt(900) + " s").getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 4 * scale; i++) send("legacy", message("shop|legacy%import", "ROW", "ROW-" + i, ("编号;" + i + ";50% de réduction").getBytes("GB18030")));
        for (int i = 0; i < 15 * scale; i++) capturePayment(false);
        // Some that wait much longer, for the timer.
        for (int i = 0; i < 3; i++) {
            Message later = invoice(99_000 + i);
            later.setDelayTimeMs(3_600_000L * (i + 1));
            send("billing", later);
        }
    }

    /** A group that ran, left, and now has a backlog: only a group that committed once has lag at all. */
    void risk(int count) throws Exception {
        DefaultMQPushConsumer scorer = consumer("risk-scoring", 16, 1, false);
        start(scorer, "*", message -> OK);
        for (int i = 0; i < 16; i++) send("payments-risk", flagged());
        long until = System.currentTimeMillis() + 60_000;
        while (committed("risk-scoring", "payments-flagged") < 16 && System.currentTimeMillis() < until) TimeUnit.MILLISECONDS.sleep(300);
        scorer.shutdown();
        for (int i = 0; i < count * 2; i++) send("payments-risk", flagged());
    }

    Message flagged() {
        String id = "PAY-" + (400_000 + sent.get());
        return message("payments-flagged", "FLAGGED", id, json("paymentId", id, "score", random.nextInt(100), "rule", pick(List.of("velocity", "geo", "amount"))));
    }

    long committed(String group, String topic) {
        try {
            ConsumeStats stats = admin.examineConsumeStats(group, topic);
            return stats.getOffsetTable().values().stream().mapToLong(row -> Math.max(0, row.getConsumerOffset())).sum();
        } catch (Exception notYet) {
            return 0;
        }
    }

    long dead(String group) {
        try {
            return admin.examineTopicStats("%DLQ%" + group).getOffsetTable().values().stream().mapToLong(row -> row.getMaxOffset() - row.getMinOffset()).sum();
        } catch (Exception notYet) {
            return 0;
        }
    }

    Map<String, Object> awaitDead() throws Exception {
        long until = System.currentTimeMillis() + 300_000;
        Map<String, Long> arrived = new TreeMap<>();
        List<String> late = new ArrayList<>(expectedDead.keySet());
        while (!late.isEmpty() && System.currentTimeMillis() < until) {
            for (String group : expectedDead.keySet()) arrived.put(group, dead(group));
            late.removeIf(group -> arrived.get(group) >= expectedDead.get(group));
            if (!late.isEmpty()) TimeUnit.MILLISECONDS.sleep(300);
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("sent", sent.get());
        summary.put("topics", TOPICS.size());
        summary.put("groups", GROUPS.size());
        summary.put("dead", arrived);
        summary.put("late", late);
        summary.put("tookMs", System.currentTimeMillis() - startedAt);
        return summary;
    }

    // ---- live --------------------------------------------------------------------------------------------------

    /** One round a second (three in the test profile). A broker that is down costs the message, not the workload. */
    void live() {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger round = new AtomicInteger();
        clock.scheduleWithFixedDelay(() -> {
            try {
                round(round.incrementAndGet());
            } catch (Throwable broker) {
                System.err.println("round " + round.get() + ": " + broker);
            }
        }, 0, small ? 3_000 : 1_000, TimeUnit.MILLISECONDS);
    }

    void round(int n) throws Exception {
        send("checkout", orderPaid(pick(List.of("PAID", "PAID", "PAID_VIP"))));
        send("notifier", notification());
        send("telemetry", heartbeat());
        capturePayment(n % 60 == 0);
        capturePayment(false);
        if (n % 2 == 0) send("warehouse", stockChange());
        if (n % 2 == 0) send("crm-api", customerEvent(n % 20 == 0));
        if (n % 3 == 0) send("catalog", catalogChange(false));
        if (n % 3 == 0) sendOrderly("ledger", message("ledger-entries", "ENTRY", "ACC-" + n % 5, json("account", "ACC-" + n % 5, "seq", n, "cents", random.nextInt(9_000))));
        if (n % 4 == 0) send("payments-risk", flagged());
        if (n % 5 == 0) send("checkout", brokenOrder(random.nextInt(10)));
        if (n % 5 == 0) send("pricing", message("price-updates", "PRICE", "SKU-1001", json("sku", "SKU-1001", "price", random.nextInt(9_000))));
        if (n % 7 == 0) {
            Message due = invoice(100_000 + n);
            due.setDelayTimeMs(5_000 + random.nextInt(20_000));
            send("billing", due);
        }
        if (n % 9 == 0) sendOrderly("warehouse", pickList("PCK-" + (1000 + n), n % 45 == 0));
        if (n % 11 == 0) send("returns-desk", returned(n % 44 == 0));
        if (n % 13 == 0) send("checkout", because(orderPaid("PAID_GIFT"), "CouponExpiredException", "coupon SPRING-26 ended yesterday"));
        if (n % 15 == 0) send("web", message("visits-closed", "VISIT", "VIS-" + (1000 + n), ("visit closed in round " + n).getBytes(StandardCharsets.UTF_8)));
    }
}
