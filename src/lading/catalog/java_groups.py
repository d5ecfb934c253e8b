"""Groups of widely used artifacts whose archives carry no Maven metadata.

Their projects build with Gradle or Ant, which write none. Each row: the artifact (a final `*`
stands for the rest), a folder its classes are in, its group; the first row that holds is taken.
"""

_SPRING = (
    "aop", "aspects", "beans", "context", "context-indexer", "context-support", "core",
    "expression", "instrument", "jcl", "jdbc", "jms", "messaging", "orm", "oxm", "r2dbc", "test",
    "tx", "web", "webflux", "webmvc", "webmvc-portlet", "websocket",
)  # fmt: skip

_LONE: tuple[tuple[str, str, str], ...] = (
    ("spring-jcl", "org/apache/commons/logging", "org.springframework"),
    ("spring-boot*", "org/springframework/boot", "org.springframework.boot"),
    ("spring-security-*", "org/springframework/security", "org.springframework.security"),
    ("spring-integration-*", "org/springframework/integration", "org.springframework.integration"),
    ("spring-session-*", "org/springframework/session", "org.springframework.session"),
    ("spring-batch-*", "org/springframework/batch", "org.springframework.batch"),
    ("spring-amqp", "org/springframework/amqp", "org.springframework.amqp"),
    ("spring-rabbit*", "org/springframework/amqp", "org.springframework.amqp"),
    ("spring-kafka*", "org/springframework/kafka", "org.springframework.kafka"),
    ("spring-graphql*", "org/springframework/graphql", "org.springframework.graphql"),
    ("spring-ldap-*", "org/springframework/ldap", "org.springframework.ldap"),
    ("spring-ws-*", "org/springframework/ws", "org.springframework.ws"),
    ("hibernate-core", "org/hibernate/sql/ast", "org.hibernate.orm"),
    ("hibernate-*", "org/hibernate/internal", "org.hibernate"),
    ("micrometer-*", "io/micrometer", "io.micrometer"),
    ("reactor-core", "reactor/core", "io.projectreactor"),
    ("reactor-netty-*", "reactor/netty", "io.projectreactor.netty"),
    ("reactor-netty", "reactor/netty", "io.projectreactor.netty"),
    ("rxjava", "io/reactivex/rxjava3", "io.reactivex.rxjava3"),
    ("rxjava", "io/reactivex", "io.reactivex.rxjava2"),
    ("rxjava", "rx", "io.reactivex"),
    ("grpc-*", "io/grpc", "io.grpc"),
    ("okhttp", "okhttp3", "com.squareup.okhttp3"),
    ("okio*", "okio", "com.squareup.okio"),
    ("retrofit", "retrofit2", "com.squareup.retrofit2"),
    ("kotlin-*", "kotlin", "org.jetbrains.kotlin"),
    ("kotlinx-coroutines-*", "kotlinx/coroutines", "org.jetbrains.kotlinx"),
    ("ktor-*", "io/ktor", "io.ktor"),
    ("groovy*", "org/apache/groovy/json", "org.apache.groovy"),
    ("kafka-clients", "org/apache/kafka", "org.apache.kafka"),
    ("kafka_*", "kafka", "org.apache.kafka"),
    ("lucene-*", "org/apache/lucene", "org.apache.lucene"),
    ("solr-*", "org/apache/solr", "org.apache.solr"),
    ("elasticsearch*", "org/elasticsearch", "org.elasticsearch"),
    ("opensearch*", "org/opensearch", "org.opensearch"),
    ("bcprov-*", "org/bouncycastle", "org.bouncycastle"),
    ("bcpkix-*", "org/bouncycastle", "org.bouncycastle"),
    ("bcpg-*", "org/bouncycastle", "org.bouncycastle"),
    ("bctls-*", "org/bouncycastle", "org.bouncycastle"),
    ("bcutil-*", "org/bouncycastle", "org.bouncycastle"),
    ("tomcat-embed-*", "org/apache", "org.apache.tomcat.embed"),
    ("tomcat-*", "org/apache", "org.apache.tomcat"),
    ("mysql-connector-java", "com/mysql", "mysql"),
    ("mysql-connector-j", "com/mysql", "com.mysql"),
    ("mssql-jdbc", "com/microsoft/sqlserver", "com.microsoft.sqlserver"),
    ("byte-buddy*", "net/bytebuddy", "net.bytebuddy"),
    ("junit-jupiter*", "org/junit/jupiter", "org.junit.jupiter"),
    ("mockito-*", "org/mockito", "org.mockito"),
    ("snakeyaml", "org/yaml/snakeyaml", "org.yaml"),
    ("hamcrest*", "org/hamcrest", "org.hamcrest"),
    ("junit", "junit/framework", "junit"),
    ("checker-*", "org/checkerframework", "org.checkerframework"),
    ("xml-apis", "org/w3c/dom", "xml-apis"),
    ("gradle-*", "org/gradle", "org.gradle"),
)

# Apache Commons before they were filed under org.apache.commons: group and artifact are the same.
_COMMONS = (
    "beanutils", "cli", "codec", "collections", "configuration", "dbcp", "digester", "discovery",
    "el", "fileupload", "httpclient", "io", "jxpath", "lang", "logging", "net", "pool", "validator",
)  # fmt: skip

GROUPS: tuple[tuple[str, str, str], ...] = (
    *((f"spring-{part}", "org/springframework", "org.springframework") for part in _SPRING),
    *((f"commons-{part}", f"org/apache/commons/{part}", f"commons-{part}") for part in _COMMONS),
    *_LONE,
)
