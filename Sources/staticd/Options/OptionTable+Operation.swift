/// The options for monitoring: metrics, probes, the status page.
extension OptionTable {
  static let operation: [OptionDefinition] = [
    OptionDefinition(
      name: .admin,
      kind: .text("ADDRESS"),
      commands: CommandName.serving,
      topic: .operation,
      help: """
        A listener of its own for /metrics (Prometheus), /livez, /readyz and a status page at /: \
        127.0.0.1:PORT, [::1]:PORT or unix:PATH.
        """,
      example: "serve --root staticfiles --admin 127.0.0.1:9100"
    ),
    OptionDefinition(
      name: .adminPublic,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .operation,
      help: "Let --admin be an address that other machines can reach.",
      example: "serve --root staticfiles --admin 0.0.0.0:9100 --admin-public"
    ),
    OptionDefinition(
      name: .healthPath,
      kind: .text("/PATH"),
      commands: CommandName.serving,
      topic: .operation,
      help: """
        A path on the main listener that platforms probe: 200 when requests are accepted, 503 before \
        the app has listened and while the server stops. It answers for any host, and before files, \
        app and redirects.
        """,
      example: "serve --root staticfiles --health-path /up"
    ),
  ]
}
