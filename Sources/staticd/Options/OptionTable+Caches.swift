/// The options for shared caches in front of replicas, and for requests between replicas.
extension OptionTable {
  /// The largest number of seconds in `Cache-Control`. RFC 9111 §1.2.2
  private static let seconds = 1...2_147_483_647

  static let caches: [OptionDefinition] = [
    OptionDefinition(
      name: .staleWhileRevalidate,
      kind: .number(seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        How long a cache may use an outdated file, if its name is not immutable, while it asks for the \
        new one (RFC 5861).
        """,
      example: "serve --root staticfiles --stale-while-revalidate 60"
    ),
    OptionDefinition(
      name: .staleIfError,
      kind: .number(seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        How long a cache may use an outdated file, if its name is not immutable, when this server cannot \
        be reached or fails (RFC 5861).
        """,
      example: "serve --root staticfiles --stale-if-error 86400"
    ),
    OptionDefinition(
      name: .cacheTag,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .responses,
      help: """
        Send Cache-Tag, by which Cloudflare purges: the tags staticd, staticd-hashed or \
        staticd-unhashed, and staticd-release-LABEL.
        """,
      example: "serve --root staticfiles --cache-tag"
    ),
    OptionDefinition(
      name: .surrogateKey,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .responses,
      help: "Send the same tags in Surrogate-Key, by which Fastly and Varnish's xkey purge.",
      example: "serve --root staticfiles --surrogate-key"
    ),
    OptionDefinition(
      name: .shareManifests,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .responses,
      help: """
        Serve staticfiles.json and staticd.json of collected roots, which name every file, for \
        'collect --from-release'.
        """,
      example: "serve --root staticfiles --share-manifests"
    ),
    OptionDefinition(
      name: .peer,
      kind: .text("URL"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        Replicas that are asked for hashed names which this one lacks, while another release is rolled \
        out: http://HOST:PORT or unix:PATH. A host's name stands for all of its addresses, which are \
        looked up every 5 seconds. Repeat for more.
        """,
      example: "serve --root staticfiles --peer http://127.0.0.1:8002",
      isRepeated: true
    ),
    OptionDefinition(
      name: .peerTimeout,
      kind: .number(1...60, "SECONDS"),
      commands: CommandName.serving,
      topic: .responses,
      help: "How long a peer may take to answer; then it is not asked for 5 s.",
      example: "serve --root staticfiles --peer http://127.0.0.1:8002 --peer-timeout 1",
      standard: "2"
    ),
  ]
}
