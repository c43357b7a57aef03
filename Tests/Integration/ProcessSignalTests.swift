import CDescriptors
import Foundation
import TestSupport
import Testing

/// Signals and limits that end a process by default, and standard streams that are closed.
@Suite struct ProcessSignalTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  /// A running server.
  ///
  /// Both outputs go to one pipe, which is read up to the first line and then closed.
  private func serveWithoutReader() throws -> (process: Process, port: UInt16) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "--default-signal=PIPE", Command.staticd, "serve", "--public", site.path("public"),
      "--listen", "127.0.0.1:0",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.start()
    var text = ""
    while !text.contains("\n") {
      text += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    }
    try output.fileHandleForReading.close()
    let rest = try #require(text.components(separatedBy: "http://127.0.0.1:").last)
    return (process, try #require(UInt16(rest.prefix { $0.isNumber })))
  }

  @Test("a server keeps serving after standard output is closed, and ends on request")
  func closedReader() throws {
    let (process, port) = try serveWithoutReader()
    site.write("new", to: "public/b.txt")
    kill(process.processIdentifier, SIGHUP)
    let client = HTTPClient(port: port)
    // The message about the reload has no reader.
    #expect(SupervisedRun.eventually { client.get("/b.txt")?.text == "new" })
    #expect(client.get("/a.txt")?.text == "hello")
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
  }

  @Test("signals are processed while standard error is not read, and lost lines are reported")
  func unreadErrors() throws {
    let socket = site.path("s.sock")
    var ends: [Int32] = [0, 0]
    #expect(cdescriptors_pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    defer { for end in ends { close(end) } }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = ["serve", "--public", site.path("public"), "--listen", "unix:\(socket)"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: dup(writer), closeOnDealloc: true)
    try process.start()
    defer { kill(process.processIdentifier, SIGKILL) }
    func get(_ name: String) -> String {
      Command.run(["curl", "-s", "--unix-socket", socket, "http://x/\(name)"]).output
    }
    func fill() {
      // A page for each: the pipe is full when none is free.
      let page = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
      var request = pollfd(fd: writer, events: Int16(POLLOUT), revents: 0)
      while poll(&request, 1, 0) == 1 { _ = write(writer, page, page.count) }
    }
    var text = ""
    func readAll() {
      var buffer = [UInt8](repeating: 0, count: 1 << 17)
      while true {
        let count = read(reader, &buffer, buffer.count)
        guard count > 0 else { return }
        text += String(decoding: buffer[..<count], as: UTF8.self)
      }
    }
    #expect(SupervisedRun.eventually { get("a.txt") == "hello" })
    fill()
    for name in ["b.txt", "c.txt"] {
      site.write("new", to: "public/\(name)")
      kill(process.processIdentifier, SIGHUP)
      try #require(SupervisedRun.eventually { get(name) == "new" })
    }
    // Somebody reads again.
    readAll()
    site.write("new", to: "public/d.txt")
    kill(process.processIdentifier, SIGHUP)
    #expect(
      SupervisedRun.eventually {
        readAll()
        return text.contains("Reloaded: 4 files")
      }
    )
    // The second may have been read.
    let lines = text.replacingOccurrences(of: ".", with: "").split(separator: "\n")
    let lost = lines.filter { $0.hasSuffix("lost: standard error was not read") }
    let toldCount = lines.count { $0.hasPrefix("Reloaded: ") }
    #expect(
      lost == [
        "staticd: \(toldCount == 1 ? "2 notices" : "1 notice") lost: standard error was not read"
      ]
    )
    fill()
    kill(process.processIdentifier, SIGTERM)
    #expect(SupervisedRun.eventually { !process.isRunning })
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
  }

  @Test("a log that reaches the file size limit does not end the server")
  func fileSizeLimit() throws {
    let log = site.path("log")
    let running = SupervisedRun(
      ["--public", site.path("public"), "--access-log", "json", "--access-log-file", log],
      ["sh", "-c", "ulimit -f; trap 'exit 4' TERM; while :; do sleep 0.1; done"],
      // One block of 512 bytes; the files that the test reads fit.
      prefix: ["env", "--default-signal=XFSZ", "sh", "-c", "ulimit -f 1; exec \"$@\"", "sh"]
    )
    #expect(SupervisedRun.eventually { running.port != nil }, "\(running.errors)")
    let client = HTTPClient(port: try #require(running.port))
    for _ in 0..<50 { #expect(client.get("/a.txt")?.text == "hello") }
    running.send(SIGTERM)
    #expect(running.wait() == 4)
  }

  @Test("an app gets default signal dispositions, whatever the server and its parent have")
  func inheritance() throws {
    let running = SupervisedRun(
      ["--public", site.path("public")],
      ["sh", "-c", "cat /proc/$PPID/status; echo app; cat /proc/self/status"],
      prefix: ["env", "--ignore-signal=USR1", "--block-signal=USR2"]
    )
    #expect(running.wait() == 0, "\(running.errors)")
    let parts = running.output.components(separatedBy: "\napp\n")
    try #require(parts.count == 2)
    // SIGPIPE is 13, SIGXFSZ 25; bit 0 is signal 1.
    let ignored = try #require(mask("SigIgn", in: parts[0]))
    #expect(ignored & (1 << 12) != 0)
    #expect(ignored & (1 << 24) != 0)
    for name in ["SigBlk", "SigIgn", "SigCgt"] { #expect(mask(name, in: parts[1]) == 0) }
  }

  private func mask(_ name: String, in status: String) -> UInt64? {
    let line = status.components(separatedBy: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
  }

  @Test("with closed standard streams no socket gets their descriptors")
  func closedStreams() throws {
    let socket = site.path("s.sock")
    let running = SupervisedRun(
      ["--public", site.path("public"), "--listen", "unix:\(socket)"],
      ["sleep", "60"],
      prefix: ["sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh"]
    )
    #expect(SupervisedRun.eventually { FileManager.default.fileExists(atPath: socket) })
    for number in 0...2 {
      let target = try FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/\(running.pid)/fd/\(number)"
      )
      #expect(target == "/dev/null")
    }
    running.send(SIGTERM)
    #expect(running.wait() == 143)
  }
}
