import Testing

@testable import staticd

/// Which apps get their clients by the PROXY protocol: never one that cannot read it.
@Suite struct ProxyProtocolUseTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let command: String
    let choice: ProxyProtocolUse.Choice
    /// Nil if the command is refused.
    let isOn: Bool?
    var environment: [String: String] = [:]
    var hasFile = false
    var hasNotice = false

    init(
      _ command: String,
      _ isOn: Bool?,
      choice: ProxyProtocolUse.Choice = .auto,
      environment: [String: String] = [:],
      hasFile: Bool = false,
      hasNotice: Bool = false
    ) {
      (self.command, self.choice, self.isOn) = (command, choice, isOn)
      (self.environment, self.hasFile, self.hasNotice) = (environment, hasFile, hasNotice)
    }

    var testDescription: String { "\(command) \(choice) \(environment)" }
  }

  static let rows = [
    Row("gunicorn a:b", true),
    Row("gunicorn a:b", false, choice: .off),
    Row("gunicorn a:b", true, choice: .on),
    Row("python -m gunicorn a:b", true),
    Row("gunicorn -k gthread a:b", true),
    Row("gunicorn -k gevent a:b", true),
    Row("gunicorn --worker-class=eventlet a:b", true),
    Row("gunicorn -k uvicorn_worker.UvicornWorker a:b", false),
    Row("gunicorn -k uvicorn.workers.UvicornWorker a:b", nil, choice: .on),
    Row("gunicorn -k mine.Worker a:b", false),
    Row("gunicorn -k mine.Worker a:b", true, choice: .on),
    Row("gunicorn a:b", false, environment: ["GUNICORN_CMD_ARGS": "-k mine.Worker"]),
    Row("gunicorn a:b", true, environment: ["GUNICORN_CMD_ARGS": "-k sync"]),
    Row("gunicorn -k sync a:b", true, environment: ["GUNICORN_CMD_ARGS": "-k mine.Worker"]),
    // The content of a configuration file is unknown.
    Row("gunicorn a:b", false, hasFile: true, hasNotice: true),
    Row("gunicorn a:b", true, choice: .on, hasFile: true),
    Row("gunicorn a:b", false, choice: .off, hasFile: true),
    Row("gunicorn -k gthread a:b", true, hasFile: true),
    Row("gunicorn -c conf.py a:b", false, hasNotice: true),
    // It listens where its own command line says, so only its own options decide.
    Row("gunicorn -b 127.0.0.1:8001 a:b", false),
    Row("gunicorn -b 127.0.0.1:8001 --proxy-protocol a:b", true, choice: .on),
    Row("uvicorn a:b", false),
    Row("uvicorn a:b", nil, choice: .on),
    Row("hypercorn a:b", nil, choice: .on),
    Row("manage.py runserver", nil, choice: .on),
    Row("./start.sh", false),
    Row("./start.sh", true, choice: .on),
  ]

  @Test("PROXY protocol by command line", arguments: rows)
  func app(row: Row) throws {
    let plan = Result {
      try AppCommand(
        row.command.split(separator: " ").map(String.init),
        upstream: nil,
        socketPath: "/s",
        port: 41000,
        proxyProtocol: row.choice,
        hasFile: { _ in row.hasFile }
      ) { row.environment[$0] }
    }
    guard let isOn = row.isOn else {
      #expect(throws: CommandFailure.self) { try plan.get() }
      return
    }
    let made = try plan.get()
    #expect(made.sendsProxyProtocol == isOn)
    #expect(made.notices.isEmpty == !row.hasNotice)
    guard made.invocation.server == .gunicorn, made.binds.isEmpty else { return }
    #expect(made.arguments.contains("--proxy-protocol") == isOn)
    let told = made.variables["GUNICORN_CMD_ARGS"] ?? ""
    #expect(told.contains("--proxy-protocol --bind") == isOn)
  }
}
