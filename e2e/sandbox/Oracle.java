import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientExt;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.subscription.CustomizedRetryPolicy;
import org.apache.rocketmq.remoting.protocol.subscription.GroupRetryPolicy;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.apache.rocketmq.tools.admin.api.MessageTrack;

/**
 * The real client as an oracle for tests: one JSON request a line on standard input, one JSON answer a line after "ORACLE "
 * on standard output. {"call":1,"op":"topicStats","topic":"t"} → {"call":1,"ok":true,"result":[…]} or {"call":1,"ok":false,"error":"…"}.
 * The operations are the methods named op….
 */
@SuppressWarnings({"deprecation", "unused"})
public class Oracle {
    static final String TRACE_TOPIC = "RMQ_SYS_TRACE_TOPIC";

    final String nameServers;
    /** Signs, where a sandbox has ACL. */
    static final RPCHook SIGNER = System.getProperty("accessKey") == null ? null
        : new AclClientRPCHook(new SessionCredentials(System.getProperty("accessKey"), System.getProperty("secretKey")));

    final DefaultMQAdminExt admin = new DefaultMQAdminExt(SIGNER, 10_000);
    final Map<String, DefaultMQAdminExt> adminOfNameServer = new LinkedHashMap<>();
    final Map<String, DefaultMQProducer> producers = new ConcurrentHashMap<>();
    final Map<String, Consumer> consumers = new ConcurrentHashMap<>();
    final Map<String, List<Map<String, Object>>> received = new ConcurrentHashMap<>();
    final ExecutorService workers = Executors.newCachedThreadPool();
    final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    DefaultMQPullConsumer reader;

    Oracle(String nameServers) {
        this.nameServers = nameServers;
    }

    public static void main(String[] args) throws Exception {
        Oracle oracle = new Oracle(args[0]);
        oracle.start();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        oracle.answer(0, true, "result", "ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JSONObject request = JSON.parseObject(line);
            oracle.workers.execute(() -> oracle.serve(request));
        }
        Runtime.getRuntime().halt(0);
    }

    void start() throws Exception {
        configure(admin, "oracle-admin");
        admin.start();
        for (String nameServer : nameServers.split(";")) {
            DefaultMQAdminExt one = new DefaultMQAdminExt(SIGNER, 3_000);
            configure(one, "oracle-admin-" + nameServer);
            one.setNamesrvAddr(nameServer);
            one.start();
            adminOfNameServer.put(nameServer, one);
        }
        reader = new DefaultMQPullConsumer("TOOLS_CONSUMER", SIGNER);
        configure(reader, "oracle-reader");
        reader.start();
    }

    void configure(ClientConfig client, String instance) {
        client.setNamesrvAddr(nameServers);
        client.setInstanceName(instance);
        client.setPollNameServerInterval(2_000);
        client.setHeartbeatBrokerInterval(2_000);
        client.setPersistConsumerOffsetInterval(500);
    }

    void serve(JSONObject request) {
        long id = request.getLongValue("call");
        try {
            String op = request.getString("op");
            String method = "op" + Character.toUpperCase(op.charAt(0)) + op.substring(1);
            answer(id, true, "result", Oracle.class.getDeclaredMethod(method, JSONObject.class).invoke(this, request));
        } catch (java.lang.reflect.InvocationTargetException error) {
            answer(id, false, "error", String.valueOf(error.getCause()));
        } catch (Throwable error) {
            answer(id, false, "error", String.valueOf(error));
        }
    }

    void answer(long id, boolean ok, String key, Object value) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("call", id);
        answer.put("ok", ok);
        answer.put(key, value);
        out.println("ORACLE " + JSON.toJSONString(answer));
    }

    // ---- topics and groups -------------------------------------------------------------------------------------

    Map<String, String> masters() throws Exception {
        Map<String, String> masters = new TreeMap<>();
        for (BrokerData broker : admin.examineBrokerClusterInfo().getBrokerAddrTable().values()) {
            String address = broker.getBrokerAddrs().get(0L);
            if (address != null) masters.put(broker.getBrokerName(), address);
        }
        return masters;
    }

    /** On every master, and resolved when every NameServer knows the route from all of them. */
    Object opCreateTopic(JSONObject r) throws Exception {
        int queues = r.getIntValue("queues") == 0 ? 4 : r.getIntValue("queues");
        TopicConfig config = new TopicConfig(r.getString("topic"), queues, queues, 6);
        if (r.containsKey("type")) config.getAttributes().put("+message.type", r.getString("type"));
        create(config);
        return null;
    }

    void create(TopicConfig config) throws Exception {
        Set<String> names = masters().keySet();
        for (String address : masters().values()) admin.createAndUpdateTopicConfig(address, config);
        long until = System.currentTimeMillis() + 20_000;
        for (DefaultMQAdminExt one : adminOfNameServer.values()) {
            while (!routedBrokers(one, config.getTopicName()).containsAll(names)) {
                if (System.currentTimeMillis() > until) throw new IllegalStateException("no route for " + config.getTopicName());
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    List<String> routedBrokers(DefaultMQAdminExt one, String topic) {
        List<String> names = new ArrayList<>();
        try {
            for (BrokerData broker : one.examineTopicRouteInfo(topic).getBrokerDatas()) names.add(broker.getBrokerName());
        } catch (Exception none) { /* not known there */ }
        return names;
    }

    /** With its retry topic: otherwise the first retry comes 20 to 40 s late. */
    Object opCreateGroup(JSONObject r) throws Exception {
        SubscriptionGroupConfig config = new SubscriptionGroupConfig();
        config.setGroupName(r.getString("group"));
        config.setConsumeBroadcastEnable(true);
        if (r.containsKey("orderly")) config.setConsumeMessageOrderly(r.getBooleanValue("orderly"));
        if (r.containsKey("retryMaxTimes")) config.setRetryMaxTimes(r.getIntValue("retryMaxTimes"));
        if (r.containsKey("retryAfterMs")) {
            GroupRetryPolicy policy = new GroupRetryPolicy();
            policy.setCustomizedRetryPolicy(new CustomizedRetryPolicy(new long[] {r.getLongValue("retryAfterMs")}));
            config.setGroupRetryPolicy(policy);
        }
        for (String address : masters().values()) admin.createAndUpdateSubscriptionGroupConfig(address, config);
        create(new TopicConfig("%RETRY%" + r.getString("group"), 1, 1, 6));
        return null;
    }

    Object opDeleteTopic(JSONObject r) throws Exception {
        String cluster = admin.examineBrokerClusterInfo().getClusterAddrTable().keySet().iterator().next();
        admin.deleteTopic(r.getString("topic"), cluster);
        return null;
    }

    /** Where a topic exists: masters that have its configuration, NameServers that have its route. */
    Object opTopicExists(JSONObject r) throws Exception {
        List<String> brokers = new ArrayList<>();
        for (Map.Entry<String, String> master : masters().entrySet()) {
            try {
                if (admin.examineTopicConfig(master.getValue(), r.getString("topic")) != null) brokers.add(master.getKey());
            } catch (org.apache.rocketmq.client.exception.MQBrokerException unknown) { /* not there */ }
        }
        List<String> routes = new ArrayList<>();
        for (Map.Entry<String, DefaultMQAdminExt> one : adminOfNameServer.entrySet()) {
            if (!routedBrokers(one.getValue(), r.getString("topic")).isEmpty()) routes.add(one.getKey());
        }
        return Map.of("brokers", brokers, "nameServers", routes);
    }

    Object opBrokerConfig(JSONObject r) throws Exception {
        return admin.getBrokerConfig(masters().get(r.getString("broker")));
    }

    Object opSetBrokerConfig(JSONObject r) throws Exception {
        java.util.Properties properties = new java.util.Properties();
        properties.setProperty(r.getString("key"), r.getString("value"));
        admin.updateBrokerConfig(masters().get(r.getString("broker")), properties);
        return null;
    }

    /** Has the broker delete the files of its commit log whose time is over, as it does by itself once a day. */
    Object opDeleteExpiredCommitLog(JSONObject r) throws Exception {
        return admin.deleteExpiredCommitLogByAddr(masters().get(r.getString("broker")));
    }

    // ---- sending -----------------------------------------------------------------------------------------------

    Object opSend(JSONObject r) throws Exception {
        boolean traced = r.getBooleanValue("traced");
        DefaultMQProducer producer = producer(r.containsKey("producerGroup") ? r.getString("producerGroup") : "oracle-producer", traced);
        String topic = r.getString("topic");
        List<Object> results = new ArrayList<>();
        JSONArray messages = r.getJSONArray("messages");
        for (int i = 0; i < messages.size(); i++) {
            JSONObject m = messages.getJSONObject(i);
            byte[] body = m.containsKey("bodyBase64") ? Base64.getDecoder().decode(m.getString("bodyBase64"))
                : (m.containsKey("body") ? m.getString("body") : "{}").getBytes(StandardCharsets.UTF_8);
            Message message = new Message(topic, m.getString("tags"), m.getString("keys"), body);
            JSONObject properties = m.getJSONObject("properties");
            if (properties != null) for (String name : properties.keySet()) message.putUserProperty(name, properties.getString(name));
            if (m.containsKey("delayLevel")) message.setDelayTimeLevel(m.getIntValue("delayLevel"));
            if (m.containsKey("delayMs")) message.setDelayTimeMs(m.getLongValue("delayMs"));
            SendResult sent = m.containsKey("broker")
                ? sendTo(producer, message, new MessageQueue(topic, m.getString("broker"), m.getIntValue("queueId")))
                : producer.send(message);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("uniqKey", sent.getMsgId());
            row.put("offsetMsgId", sent.getOffsetMsgId());
            row.put("keys", m.getString("keys"));
            row.put("status", sent.getSendStatus().name());
            row.put("broker", sent.getMessageQueue().getBrokerName());
            row.put("queueId", sent.getMessageQueue().getQueueId());
            row.put("offset", sent.getQueueOffset());
            results.add(row);
        }
        return results;
    }

    /** On a busy machine a broker lets a send wait for too long, says so with code 2, and has not stored it. A client left to choose tries another queue. */
    SendResult sendTo(DefaultMQProducer producer, Message message, MessageQueue queue) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                return producer.send(message, queue);
            } catch (org.apache.rocketmq.client.exception.MQBrokerException refused) {
                if (refused.getResponseCode() != 2 || tries == 20) throw refused;
            }
        }
    }

    synchronized DefaultMQProducer producer(String group, boolean traced) throws Exception {
        DefaultMQProducer known = producers.get(group + traced);
        if (known != null) return known;
        DefaultMQProducer producer = new DefaultMQProducer(group, SIGNER, traced, null);
        configure(producer, group + traced);
        producer.setSendMsgTimeout(8_000);
        producer.start();
        producers.put(group + traced, producer);
        return producer;
    }

    // ---- consuming ---------------------------------------------------------------------------------------------

    static class Consumer {
        DefaultMQPushConsumer client;
        volatile String mode;
        int member;
        long slowMs;
        volatile CountDownLatch unblocked = new CountDownLatch(1);
    }

    /** mode: success, fail (RECONSUME_LATER), throw, block (until the mode changes). Messages with the tag "slow" take slowMs. */
    Object opStartConsumer(JSONObject r) throws Exception {
        String group = r.getString("group");
        String name = name(r);
        if (consumers.containsKey(name)) throw new IllegalStateException(name + " runs already");
        Consumer consumer = new Consumer();
        consumer.mode = r.getString("mode");
        consumer.member = r.containsKey("member") ? r.getIntValue("member") : 1;
        consumer.slowMs = r.getLongValue("slowMs");
        consumer.client = new DefaultMQPushConsumer(group, SIGNER, new AllocateMessageQueueAveragely(), r.getBooleanValue("traced"), null);
        configure(consumer.client, name);
        consumer.client.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        if (r.containsKey("maxReconsumeTimes")) consumer.client.setMaxReconsumeTimes(r.getIntValue("maxReconsumeTimes"));
        if (r.getBooleanValue("broadcast")) consumer.client.setMessageModel(MessageModel.BROADCASTING);
        consumer.client.setConsumeThreadMin(4);
        consumer.client.setConsumeThreadMax(4);
        consumer.client.subscribe(r.getString("topic"), r.containsKey("tags") ? r.getString("tags") : "*");
        received.putIfAbsent(group, Collections.synchronizedList(new ArrayList<>()));
        if (r.getBooleanValue("orderly")) {
            consumer.client.setSuspendCurrentQueueTimeMillis(200);
            consumer.client.registerMessageListener((MessageListenerOrderly) (messages, context) ->
                succeeds(consumer, group, messages) ? ConsumeOrderlyStatus.SUCCESS : ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT);
        } else {
            consumer.client.registerMessageListener((MessageListenerConcurrently) (messages, context) ->
                succeeds(consumer, group, messages) ? ConsumeConcurrentlyStatus.CONSUME_SUCCESS : ConsumeConcurrentlyStatus.RECONSUME_LATER);
        }
        consumers.put(name, consumer);
        consumer.client.start();
        return consumer.client.buildMQClientId();
    }

    static String name(JSONObject r) {
        return r.getString("group") + "#" + (r.containsKey("member") ? r.getIntValue("member") : 1);
    }

    boolean succeeds(Consumer consumer, String group, List<MessageExt> messages) {
        for (MessageExt message : messages) {
            Map<String, Object> row = describe(message);
            row.put("at", System.currentTimeMillis());
            row.put("mode", consumer.mode);
            row.put("member", consumer.member);
            received.get(group).add(row);
            if (consumer.slowMs > 0 && "slow".equals(message.getTags()) && !slept(consumer.slowMs)) return false;
        }
        while (consumer.mode.equals("block")) {
            try {
                consumer.unblocked.await();
            } catch (InterruptedException stopped) {
                return false;
            }
        }
        if (consumer.mode.equals("throw")) throw new IllegalStateException("the oracle was told to throw");
        return consumer.mode.equals("success");
    }

    static boolean slept(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
            return true;
        } catch (InterruptedException stopped) {
            return false;
        }
    }

    Object opSetMode(JSONObject r) {
        Consumer consumer = consumers.get(name(r));
        consumer.mode = r.getString("mode");
        CountDownLatch before = consumer.unblocked;
        consumer.unblocked = new CountDownLatch(1);
        before.countDown();
        return null;
    }

    Object opStopConsumer(JSONObject r) {
        Consumer consumer = consumers.remove(name(r));
        if (consumer == null) return false;
        if (consumer.mode.equals("block")) {
            consumer.mode = "fail";
            consumer.unblocked.countDown();
        } else {
            // What is being handled comes to its end before the offsets are committed for the last time.
            consumer.client.setAwaitTerminationMillisWhenShutdown(10_000);
        }
        consumer.client.shutdown();
        return true;
    }

    Object opReceived(JSONObject r) {
        List<Map<String, Object>> rows = received.get(r.getString("group"));
        return rows == null ? List.of() : List.copyOf(rows);
    }

    Object opForgetReceived(JSONObject r) {
        List<Map<String, Object>> rows = received.get(r.getString("group"));
        if (rows != null) rows.clear();
        return null;
    }

    // ---- looking -----------------------------------------------------------------------------------------------

    Object opTopicStats(JSONObject r) throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>();
        admin.examineTopicStats(r.getString("topic")).getOffsetTable().forEach((queue, stats) -> {
            Map<String, Object> row = queueRow(queue);
            row.put("minOffset", stats.getMinOffset());
            row.put("maxOffset", stats.getMaxOffset());
            row.put("lastUpdateTimestamp", stats.getLastUpdateTimestamp());
            rows.add(row);
        });
        return rows;
    }

    Object opConsumeStats(JSONObject r) throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>();
        admin.examineConsumeStats(r.getString("group"), r.getString("topic")).getOffsetTable().forEach((queue, stats) -> {
            Map<String, Object> row = queueRow(queue);
            row.put("brokerOffset", stats.getBrokerOffset());
            row.put("consumerOffset", stats.getConsumerOffset());
            row.put("lastTimestamp", stats.getLastTimestamp());
            rows.add(row);
        });
        return rows;
    }

    static Map<String, Object> queueRow(MessageQueue queue) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", queue.getTopic());
        row.put("broker", queue.getBrokerName());
        row.put("queueId", queue.getQueueId());
        return row;
    }

    Object opSetOffset(JSONObject r) throws Exception {
        String broker = r.getString("broker");
        admin.updateConsumeOffset(masters().get(broker), r.getString("group"),
            new MessageQueue(r.getString("topic"), broker, r.getIntValue("queueId")), r.getLongValue("offset"));
        return null;
    }

    Object opDlqCount(JSONObject r) {
        try {
            return admin.examineTopicStats("%DLQ%" + r.getString("group")).getOffsetTable().values().stream()
                .mapToLong(row -> row.getMaxOffset() - row.getMinOffset()).sum();
        } catch (Exception none) {
            return 0;
        }
    }

    Object opSearchOffset(JSONObject r) throws Exception {
        return admin.searchOffset(new MessageQueue(r.getString("topic"), r.getString("broker"), r.getIntValue("queueId")), r.getLongValue("timestamp"));
    }

    Object opViewMessage(JSONObject r) throws Exception {
        return describe(find(r.getString("topic"), r.getString("id")));
    }

    /** By unique key or offset id, by reading the topic: no index, no clock. */
    MessageExt find(String topic, String id) throws Exception {
        for (MessageExt message : read(topic)) if (id.equals(message.getMsgId()) || id.equals(offsetMsgId(message))) return message;
        throw new IllegalStateException("no message " + id + " in " + topic);
    }

    Object opMessageTrack(JSONObject r) throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MessageTrack track : admin.messageTrackDetail(find(r.getString("topic"), r.getString("id")))) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("group", track.getConsumerGroup());
            row.put("type", String.valueOf(track.getTrackType()));
            row.put("error", track.getExceptionDesc());
            rows.add(row);
        }
        return rows;
    }

    /** The raw trace records that name this key or unique key. */
    Object opTrace(JSONObject r) {
        List<String> bodies = new ArrayList<>();
        try {
            long now = System.currentTimeMillis();
            for (MessageExt record : admin.queryMessage(TRACE_TOPIC, r.getString("key"), 64, now - 86_400_000, now + 60_000).getMessageList()) {
                bodies.add(new String(record.getBody(), StandardCharsets.UTF_8));
            }
        } catch (Exception none) { /* NO_MESSAGE comes as an exception */ }
        return bodies;
    }

    /** Every message of a topic, queue by queue, read without touching any group's offsets. */
    Object opReadAll(JSONObject r) throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MessageExt message : read(r.getString("topic"))) rows.add(describe(message));
        return rows;
    }

    List<MessageExt> read(String topic) throws Exception {
        List<MessageExt> rows = new ArrayList<>();
        Map<MessageQueue, org.apache.rocketmq.remoting.protocol.admin.TopicOffset> queues = new LinkedHashMap<>();
        // A route may lead to a master from which the topic was deleted, so each is asked by itself.
        for (String master : masters().values()) {
            try {
                queues.putAll(admin.examineTopicStats(master, topic).getOffsetTable());
            } catch (org.apache.rocketmq.client.exception.MQBrokerException gone) { /* not there */ }
        }
        for (MessageQueue queue : queues.keySet()) {
            long offset = queues.get(queue).getMinOffset();
            while (offset < queues.get(queue).getMaxOffset()) {
                PullResult page = reader.pull(queue, "*", offset, 32, 5_000);
                if (page.getPullStatus() == PullStatus.FOUND) rows.addAll(page.getMsgFoundList());
                if (page.getPullStatus() == PullStatus.NO_NEW_MSG || page.getNextBeginOffset() <= offset) break;
                offset = page.getNextBeginOffset();
            }
        }
        return rows;
    }

    static String offsetMsgId(MessageExt message) {
        return message instanceof MessageClientExt ? ((MessageClientExt) message).getOffsetMsgId() : message.getMsgId();
    }

    static Map<String, Object> describe(MessageExt message) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", message.getTopic());
        row.put("uniqKey", message.getMsgId());
        row.put("offsetMsgId", offsetMsgId(message));
        row.put("keys", message.getKeys());
        row.put("tags", message.getTags());
        row.put("broker", message.getBrokerName());
        row.put("queueId", message.getQueueId());
        row.put("offset", message.getQueueOffset());
        row.put("reconsumeTimes", message.getReconsumeTimes());
        row.put("storeTimestamp", message.getStoreTimestamp());
        row.put("bornTimestamp", message.getBornTimestamp());
        row.put("properties", message.getProperties());
        row.put("bodyBase64", Base64.getEncoder().encodeToString(message.getBody() == null ? new byte[0] : message.getBody()));
        return row;
    }
}
