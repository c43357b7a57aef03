import Foundation
import TestSupport
import Testing

/// Thousands of slow or idle connections: they cost little and do not delay others.
@Suite(.serialized) struct ManyConnectionsTests {
  private let root = TemporaryDirectory()

  @Test("thousands of slow heads, bodies and readers do not delay other clients")
  func slowClients() throws {
    root.write((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }, to: "large.bin")
    root.write(String(repeating: "a { b: c }\n", count: 100), to: "small.css")
    let program = try Command.fixture("/usr/bin/slowhttptest")
    let server = RunningServer(
      ["--root", root.path, "--head-timeout", "600", "--send-timeout", "600"]
    )
    let url = "http://127.0.0.1:\(server.port)/static/large.bin"
    let attacks = try ["-H", "-B", "-X -w 10 -y 20 -n 1 -z 5"].map { kind in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments =
        kind.components(separatedBy: " ")
        + ["-c", "1000", "-r", "1000", "-l", "600", "-i", "1", "-p", "60", "-u", url]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.start()
      return process
    }
    defer {
      for attack in attacks {
        kill(attack.processIdentifier, SIGKILL)
        attack.waitUntilExit()
      }
    }
    // Slow heads and slow readers stay open; a body for a file is not waited for.
    #expect(eventually { ProcessState.descriptorCount(server.pid) > 1900 })
    let kept = HTTPClient(port: server.port)
    for _ in 0..<200 {
      #expect(kept.get("/static/small.css")?.status == 200)
      #expect(HTTPClient(port: server.port).get("/static/small.css")?.status == 200)
    }
    #expect(ProcessState.descriptorCount(server.pid) > 1900)
  }

  @Test("an idle connection costs at most 400 bytes of resident memory")
  func idleConnections() throws {
    root.write(String(repeating: "a { b: c }\n", count: 100), to: "small.css")
    let count = min(10_000, raiseDescriptorLimit() - 1000)
    try #require(count >= 2000, "too few descriptors to measure anything")
    // Without the memory of encoders and of the log's buffers, which do not belong to connections.
    let server = RunningServer("--root", root.path, "--no-compress", "--access-log", "off")
    // Excludes the memory that the first requests load.
    for _ in 0..<100 {
      #expect(HTTPClient(port: server.port).get("/static/small.css")?.status == 200)
    }
    let before = try residentBytes(server.pid)
    let clients = try hold(count, at: server.port)
    let perConnection = Double(try residentBytes(server.pid) - before) / Double(count)
    print("idle connections: \(count), \(perConnection) bytes each")
    // A sanitizer's own memory per allocation is larger.
    if !Sanitizer.isActive { #expect(perConnection <= 400) }
    // All connections are still open.
    kill(clients.processIdentifier, SIGUSR1)
    clients.waitUntilExit()
    #expect(root.text("clients")?.contains("answered \(count)\n") == true)
  }

  /// Starts a process that holds `count` idle connections.
  ///
  /// In this process they would disturb other tests, which start processes.
  private func hold(_ count: Int, at port: UInt16) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "\(Site.path)/idle_clients.py", "\(port)", "/static/small.css", "\(count)",
    ]
    process.standardOutput = FileHandle(forWritingAtPath: root.write("", to: "clients"))
    try process.start()
    #expect(eventually { root.text("clients")?.hasPrefix("holding\n") == true })
    return process
  }

  /// Raises this process's descriptor limit to its maximum, and returns it.
  private func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(limit.rlim_cur)
  }

  private func residentBytes(_ pid: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    return try #require(kibibytes.flatMap { Int($0) }) * 1024
  }
}
