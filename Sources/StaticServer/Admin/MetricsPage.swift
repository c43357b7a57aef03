/// The metrics of a server for Prometheus.
///
/// Source: https://prometheus.io/docs/practices/naming/.
struct MetricsPage {
  private let status: AdminStatus
  private var page = MetricsText()

  /// The text for `status`.
  static func text(_ status: AdminStatus) -> String {
    var page = MetricsPage(status: status)
    page.addRequests()
    page.addLatencies()
    page.addConnections()
    if status.metrics.queue != nil { page.addUpstream() }
    page.addRest()
    page.addProcess()
    return page.page.text
  }

  private init(status: AdminStatus) {
    self.status = status
  }

  private var metrics: ServerMetrics { status.metrics }

  private mutating func addRequests() {
    let requests = "staticd_http_requests_total"
    page.begin(requests, .counter, "Answered requests by class of status and by who answers.")
    for (responder, classes) in [("static", metrics.files), ("app", metrics.app)] {
      let counts = [
        ("2xx", classes.successes), ("3xx", classes.redirections), ("4xx", classes.clientErrors),
        ("5xx", classes.serverErrors),
      ]
      for (code, count) in counts {
        page.add(requests, [("responder", responder), ("class", code)], "\(count)")
      }
    }
    let codings = "staticd_http_responses_by_coding_total"
    page.begin(codings, .counter, "Responses of files and of the app by content coding.")
    for (name, count) in metrics.codings { page.add(codings, [("coding", name)], "\(count)") }
    page.add(
      "staticd_http_sent_bytes_total",
      .counter,
      "Bytes of responses, heads included, that the kernel has taken.",
      metrics.statistics.bytesSent
    )
    page.add(
      "staticd_http_saved_bytes_total",
      .counter,
      "Bytes of files that were not sent thanks to content codings.",
      metrics.savedBytes
    )
    page.add(
      "staticd_http_delta_saved_bytes_total",
      .counter,
      "Bytes that deltas were smaller than what would have been sent in their place.",
      metrics.deltaSavedBytes
    )
    let failures = "staticd_http_failures_total"
    page.begin(failures, .counter, "Failed requests by reason, as in the access log.")
    for (reason, count) in metrics.failures {
      page.add(failures, [("reason", "\(reason.text)")], "\(count)")
    }
  }

  private mutating func addLatencies() {
    let name = "staticd_http_request_duration_seconds"
    page.begin(
      name,
      .histogram,
      "Time from the request to the last byte of its response for the kernel, by who answers."
    )
    for (responder, histogram) in zip(Latency.Responder.allCases, metrics.latencies) {
      let label = (name: "responder", value: responder == .files ? "static" : "app")
      var count: UInt64 = 0
      for (index, bound) in Latency.bounds.enumerated() {
        count += histogram.counts[index]
        page.add("\(name)_bucket", [label, ("le", "\(Double(bound) / 1e9)")], "\(count)")
      }
      page.add("\(name)_bucket", [label, ("le", "+Inf")], "\(histogram.count)")
      page.add("\(name)_sum", [label], "\(histogram.seconds)")
      page.add("\(name)_count", [label], "\(histogram.count)")
    }
  }

  private mutating func addConnections() {
    let statistics = metrics.statistics
    page.add("staticd_connections", .gauge, "Open connections.", statistics.connectionsOpen)
    page.add(
      "staticd_connections_max",
      .gauge,
      "The limit of connections.",
      UInt64(metrics.connectionsMax)
    )
    page.add(
      "staticd_connections_accepted_total",
      .counter,
      "Accepted connections.",
      statistics.connectionsAccepted
    )
    page.add(
      "staticd_accept_pauses_total",
      .counter,
      "Pauses of accepting for want of descriptors or room.",
      statistics.acceptPauses
    )
    let name = "staticd_connections_dropped_total"
    page.begin(name, .counter, "Connections that the server has closed early, by reason.")
    let dropped = statistics.dropped
    let reasons = [
      ("idle", dropped.idle), ("displaced", dropped.displaced), ("slow_head", dropped.slowHead),
      ("slow_content", dropped.slowContent), ("slow_reader", dropped.slowReader),
      ("broken", dropped.broken), ("stopped", dropped.stopped),
      ("malformed_prelude", dropped.malformedPrelude),
    ]
    for (reason, count) in reasons { page.add(name, [("reason", reason)], "\(count)") }
  }

  private mutating func addRest() {
    page.add("staticd_spool_bytes", .gauge, "Bytes in temporary files.", UInt64(metrics.spoolBytes))
    page.add(
      "staticd_spool_max_bytes",
      .gauge,
      "The limit of bytes in temporary files.",
      UInt64(metrics.spoolBytesMax)
    )
    page.add("staticd_spool_files", .gauge, "Temporary files.", UInt64(metrics.spoolFiles))
    page.add(
      "staticd_log_dropped_lines_total",
      .counter,
      "Lines of the access log that were not written.",
      UInt64(metrics.lostLogLines)
    )
    page.add(
      "staticd_ready",
      .gauge,
      "1 if requests are welcome.",
      status.readiness == .ready ? 1 : 0
    )
    page.begin("staticd_build_info", .gauge, "The version of the program.")
    page.add("staticd_build_info", [("version", status.version)], "1")
    guard let release = status.release else { return }
    page.begin("staticd_release_info", .gauge, "The release that is served.")
    page.add("staticd_release_info", [("release", release.name)], "1")
    page.add("staticd_release_files", .gauge, "Its files.", UInt64(release.fileCount))
    page.add(
      "staticd_release_timestamp_seconds",
      .gauge,
      "When it was published, in seconds since 1970.",
      seconds: release.published
    )
    page.add(
      "staticd_release_age_seconds",
      .gauge,
      "How long ago that was.",
      seconds: max(0, status.time - release.published)
    )
  }
}

/// The app and the process.
extension MetricsPage {
  private mutating func addUpstream() {
    let queue = metrics.queue ?? ServerMetrics.Queue()
    let upstream = metrics.upstream
    let rows: [(String, MetricsText.Kind, String, UInt64)] = [
      ("staticd_queue_requests", .gauge, "Requests that wait for the app.", UInt64(queue.waiting)),
      ("staticd_queue_max_requests", .gauge, "The limit of them.", UInt64(queue.waitingMax)),
      (
        "staticd_queue_refused_total", .counter, "Requests that found the queue full.",
        metrics.count(.fullQueue)
      ),
      (
        "staticd_queue_timeouts_total", .counter, "Requests that waited too long.",
        metrics.count(.queueTimeout)
      ),
      (
        "staticd_upstream_active_requests", .gauge, "Requests that the app has.",
        UInt64(queue.active)
      ),
      (
        "staticd_upstream_max_requests", .gauge, "The limit of them; 0 for none.",
        UInt64(queue.activeMax)
      ),
      (
        "staticd_upstream_requests_total", .counter, "Requests for the app.",
        metrics.statistics.forwarded
      ),
      (
        "staticd_upstream_repeated_requests_total", .counter, "Requests sent a second time.",
        metrics.statistics.repeated
      ),
      (
        "staticd_peer_files_total", .counter, "Files of other releases that peers had.",
        metrics.statistics.peerFiles
      ),
      (
        "staticd_peer_failures_total", .counter, "Peers that did not answer.",
        metrics.statistics.failedPeers
      ),
      (
        "staticd_upstream_connects_total", .counter, "Connections to the app that were begun.",
        upstream.connects
      ),
      (
        "staticd_upstream_failed_connects_total", .counter, "Attempts that have failed.",
        upstream.failedConnects
      ),
      (
        "staticd_upstream_reused_connections_total", .counter,
        "Requests on a connection that had carried another.", upstream.reused
      ),
      (
        "staticd_upgraded_connections_total", .counter, "Connections upgraded, as to WebSocket.",
        metrics.statistics.upgraded
      ),
      ("staticd_upgraded_connections_open", .gauge, "Those that are open.", upstream.tunnels),
    ]
    for (name, kind, help, value) in rows { page.add(name, kind, help, value) }
    let connections = "staticd_upstream_connections"
    page.begin(connections, .gauge, "Connections to the app by state.")
    let idle = min(upstream.idle, upstream.open)
    page.add(connections, [("state", "active")], "\(upstream.open - idle)")
    page.add(connections, [("state", "idle")], "\(idle)")
  }

  /// The names are those of Prometheus' own clients.
  private mutating func addProcess() {
    let process = status.process
    page.add(
      "process_cpu_seconds_total",
      .counter,
      "CPU time of the process, user and system.",
      seconds: process.cpuSeconds
    )
    page.add(
      "process_resident_memory_bytes",
      .gauge,
      "Resident memory.",
      process.residentBytes
    )
    page.add("process_virtual_memory_bytes", .gauge, "Virtual memory.", process.virtualBytes)
    page.add("process_open_fds", .gauge, "Open descriptors.", process.openDescriptors)
    page.add("process_max_fds", .gauge, "The limit of descriptors.", process.descriptorsMax)
    page.add(
      "process_start_time_seconds",
      .gauge,
      "When the process was started, in seconds since 1970.",
      seconds: process.startTime
    )
  }
}
