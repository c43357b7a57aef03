internal import StaticAssets
internal import StaticServer

/// The command `staticd explain`.
struct ExplainCommand: BlockingCommand {
  private let arguments: MergedArguments
  private let options: ServingOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
    options = ServingOptions(arguments)
  }

  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { _ = try options.serverConfiguration() }
    try mistakes.refuse()
  }

  func run() throws -> Int32 {
    let (method, url) = (arguments.text(.method) ?? "", arguments.words.first ?? "")
    let configuration = try options.serverConfiguration()
    let request = try request(method, url, trusts: configuration.forwardingPolicy.trust != .nobody)
    guard !Self.isForHealth(url, configuration) else {
      Console.print("\(method) \(url.withoutURLUser)")
      Console.print("  the health path: 200 when requests are accepted, else 503  (--health-path)")
      return 0
    }
    let scheme = SchemeExplanation(request, configuration.forwardingPolicy)
    if let redirect = scheme.redirect {
      Console.print("\(method) \(url.withoutURLUser)")
      Console.print("  scheme  http, as a trusted proxy says  (--https-redirect)")
      for (index, line) in redirect.enumerated() {
        Console.print(index == 0 ? String(line.dropFirst("HTTP/1.1 ".count)) : "  \(line)")
      }
      return 0
    }
    let forwarding = configuration.forwarding
    let plan = try TablePlan(
      options.mounts,
      options.policy,
      upstreamPaths: forwarding?.paths ?? []
    )
    let table = try plan.build()
    TableWarnings.tell(table.warnings)
    let explanation = table.explain(request)
    let lines = Self.lines(explanation, "\(method) \(url.withoutURLUser)", scheme.strictTransport)
    for line in lines { Console.print(line) }
    if let number = explanation.upstream, let address = forwarding?.addresses[number] {
      Console.print("  the app at \(address) answers")
    }
    return 0
  }

  /// Whether the health path answers; it precedes files and app.
  private static func isForHealth(_ url: String, _ configuration: StaticServer.Configuration)
    -> Bool
  {
    guard let path = configuration.healthPath, let target = try? target(url) else { return false }
    return target.prefix { $0 != "?" } == path
  }

  /// The head of the request.
  ///
  /// - Parameter trusts: whether a proxy is trusted, which then tells the scheme of the URL.
  private func request(_ method: String, _ url: String, trusts: Bool) throws -> [UInt8] {
    var lines = ["\(method) \(try Self.target(url)) HTTP/1.1"]
    var hasHost = false
    for field in arguments.texts(.field) {
      guard let colon = field.firstIndex(of: ":"), colon != field.startIndex else {
        throw CommandFailure(.usage, "-H '\(field)': give 'Field: value'")
      }
      hasHost = hasHost || field[..<colon].lowercased() == "host"
      lines.append(field)
    }
    if !hasHost { lines.append("Host: \(Self.authority(url) ?? "localhost")") }
    let tellsScheme = lines.contains { line in
      ["forwarded:", "x-forwarded-proto:"].contains { line.lowercased().hasPrefix($0) }
    }
    if trusts, !tellsScheme, let scheme = Self.scheme(url) {
      lines.append("X-Forwarded-Proto: \(scheme)")
    }
    let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
    guard !lines.contains(where: { $0.utf8.contains { $0 == 0x0A || $0 == 0x0D } }) else {
      throw CommandFailure(.usage, "the URL or a field has a line break; leave it out")
    }
    return Array(text.utf8)
  }

  /// The scheme of a URL, in lower case; nil for a path.
  private static func scheme(_ url: String) -> String? {
    ["http", "https"].first { url.lowercased().hasPrefix("\($0)://") }
  }

  /// The host of a URL, with its port; nil for a path.
  private static func authority(_ url: String) -> String? {
    guard let scheme = scheme(url) else { return nil }
    let authority = url.dropFirst(scheme.count + "://".count).prefix { !"/?#".contains($0) }
    return authority.isEmpty || authority.contains("@") ? nil : String(authority)
  }

  /// The request target: the URL from its path on, without the fragment, which clients do not send.
  private static func target(_ url: String) throws -> String {
    guard !url.isEmpty else {
      throw CommandFailure(.usage, "name a URL, or its path: staticd explain /static/app.css")
    }
    var rest = url.prefix { $0 != "#" }
    for scheme in ["http://", "https://"] where rest.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count).drop { $0 != "/" }
      if rest.isEmpty { rest = "/" }
    }
    guard rest.hasPrefix("/") || rest == "*" else {
      throw CommandFailure(
        .usage,
        "'\(url.withoutURLUser)': give a path that begins with '/', or an http URL"
      )
    }
    return String(rest)
  }

  private static func lines(
    _ explanation: Explanation,
    _ request: String,
    _ strictTransport: String?
  ) -> [String] {
    var lines = [request]
    let width = explanation.steps.map(\.subject.count).max() ?? 0
    for step in explanation.steps {
      let subject = step.subject + String(repeating: " ", count: width - step.subject.count)
      lines.append("  \(subject)  \(step.text)\(note(step.source))")
    }
    guard let status = explanation.status else { return lines }
    lines.append("\(status.rawValue) \(status.reason)")
    for field in explanation.fields {
      lines.append("  \(field.name): \(field.value)\(note(field.reason))")
    }
    if let strictTransport { lines.append("  \(strictTransport)  (--hsts)") }
    lines.append("  \(explanation.bodyByteCount) bytes of body; Date and Connection are added")
    return lines
  }

  private static func note(_ text: String) -> String { text.isEmpty ? "" : "  (\(text))" }
}
