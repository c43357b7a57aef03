/// The HTML page of the admin listener: no script, light and dark, for any width.
struct StatusPage {
  /// The page may load nothing; only its inline style is allowed.
  static let contentSecurityPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'none'"

  private let status: AdminStatus

  init(_ status: AdminStatus) {
    self.status = status
  }

  /// The document.
  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="refresh" content="10">
    <title>staticd: \(stateText)</title>
    <style>\(StatusPage.style)</style>
    <header>
    <h1>staticd</h1>
    <p class="state \(status.readiness.rawValue)">\(stateText)</p>
    <p class="where">\(status.addresses.map(Self.escaped).joined(separator: "<br>"))</p>
    </header>
    <main>
    \(sections.joined(separator: "\n"))
    </main>
    <footer>version \(Self.escaped(status.version)), up \(Self.duration(uptime)); \
    <a href="/metrics">metrics</a>, <a href="/readyz">readyz</a>, <a href="/livez">livez</a></footer>
    </html>

    """
  }

  private var metrics: ServerMetrics { status.metrics }

  private var uptime: Double { max(0, status.time - status.process.startTime) }

  private var stateText: String {
    switch status.readiness {
    case .ready: "ready"
    case .starting: "waiting for the app"
    case .draining: "draining"
    }
  }

  private var sections: [String] {
    var sections = [requests, latencies, connections]
    if metrics.queue != nil { sections.append(app) }
    sections += [release, process]
    if metrics.failures.contains(where: { $0.count > 0 }) { sections.append(failures) }
    return sections
  }

  private var requests: String {
    func row(_ name: String, _ classes: ServerMetrics.Classes) -> [String] {
      [name]
        + [
          classes.total, classes.successes, classes.redirections, classes.clientErrors,
          classes.serverErrors,
        ].map(Self.count)
    }
    var rows = [row("files", metrics.files)]
    if metrics.queue != nil { rows.append(row("app", metrics.app)) }
    let table = Self.table(["", "all", "2xx", "3xx", "4xx", "5xx"], rows)
    let sent = [
      ("sent", Self.bytes(metrics.statistics.bytesSent)),
      ("saved by codings", Self.bytes(metrics.savedBytes)),
      ("saved by deltas", Self.bytes(metrics.deltaSavedBytes)),
    ]
    let codings = metrics.codings.filter { $0.count > 0 }.map { ($0.name, Self.count($0.count)) }
    return Self.section("Requests", table + Self.list(sent + codings), isWide: true)
  }

  private var latencies: String {
    let names = metrics.queue == nil ? ["files"] : ["files", "app"]
    let rows = zip(names, metrics.latencies).map { name, histogram in
      [name] + [0.5, 0.9, 0.99].map { Self.quantile($0, histogram) }
    }
    return Self.section("Time to answer", Self.table(["", "50 %", "90 %", "99 %"], rows))
  }

  private var connections: String {
    let statistics = metrics.statistics
    let dropped = statistics.dropped
    let slow = dropped.slowHead + dropped.slowContent + dropped.slowReader
    return Self.section(
      "Connections",
      Self.list([
        (
          "open",
          "\(Self.count(statistics.connectionsOpen)) of \(Self.count(UInt64(metrics.connectionsMax)))"
        ),
        ("accepted", Self.count(statistics.connectionsAccepted)),
        ("closed for being slow", Self.count(slow)),
        ("closed to make room", Self.count(dropped.displaced)),
        ("broken", Self.count(dropped.broken)),
      ])
    )
  }

  private var app: String {
    let queue = metrics.queue ?? ServerMetrics.Queue()
    let upstream = metrics.upstream
    let limit = queue.activeMax == 0 ? "" : " of \(queue.activeMax)"
    return Self.section(
      "App",
      Self.list([
        ("at work", "\(queue.active)\(limit)"),
        (
          "queued",
          "\(Self.count(UInt64(queue.waiting))) of \(Self.count(UInt64(queue.waitingMax)))"
        ),
        ("queue full, timed out", "\(metrics.count(.fullQueue)), \(metrics.count(.queueTimeout))"),
        ("connections, idle ones", "\(upstream.open), \(min(upstream.idle, upstream.open))"),
        ("connects, failed", "\(upstream.connects), \(upstream.failedConnects)"),
        ("WebSockets", Self.count(upstream.tunnels)),
        ("temporary files", "\(metrics.spoolFiles), \(Self.bytes(UInt64(metrics.spoolBytes)))"),
      ])
    )
  }

  private var release: String {
    guard let release = status.release else { return "" }
    return Self.section(
      "Release",
      Self.list([
        ("label", release.name.isEmpty ? "none" : "<code>\(Self.escaped(release.name))</code>"),
        ("published", "\(Self.duration(max(0, status.time - release.published))) ago"),
        ("files", Self.count(UInt64(release.fileCount))),
      ])
    )
  }

  private var process: String {
    let process = status.process
    return Self.section(
      "Process",
      Self.list([
        ("memory", Self.bytes(process.residentBytes)),
        ("CPU time", Self.duration(process.cpuSeconds)),
        ("descriptors", "\(process.openDescriptors) of \(Self.count(process.descriptorsMax))"),
        ("log lines lost", Self.count(UInt64(metrics.lostLogLines))),
      ])
    )
  }

  private var failures: String {
    let rows = metrics.failures.filter { $0.count > 0 }.sorted { $0.count > $1.count }
    return Self.section(
      "Failures",
      Self.list(rows.map { ("\($0.reason.text)", Self.count($0.count)) }),
      isWide: true
    )
  }
}
