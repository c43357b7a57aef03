import Foundation
import TestSupport
import Testing

/// Signals and limits that end other programs.
///
/// Goal: a closed output pipe or a file size limit costs a response or a log line, never the
/// server.
@Suite struct ProcessLimitTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "a.txt")
  }

  /// Output that is still written without a reader.
  @Test("a server with an unread output keeps serving", arguments: ["json", "combined", "off"])
  func noReader(log: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = [
      "serve", "--public", site.path, "--listen", "127.0.0.1:0", "--access-log", log,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.start()
    // Only the server holds the write end.
    try output.fileHandleForWriting.close()
    var text = ""
    while !text.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      text += String(decoding: data, as: UTF8.self)
    }
    let address = try #require(text.components(separatedBy: "http://127.0.0.1:").last)
    let port = try #require(UInt16(address.prefix { $0.isNumber }))
    try output.fileHandleForReading.close()
    for version in 1...3 {
      #expect(HTTPClient(connectingTo: port)?.get("/a.txt")?.text == "hello")
      // Writes a notice, or a line of the log.
      site.write("\(version)", to: "version.txt")
      kill(process.processIdentifier, SIGHUP)
      #expect(
        SupervisedRun.eventually {
          !process.isRunning
            || HTTPClient(connectingTo: port)?.get("/version.txt")?.text == "\(version)"
        }
      )
      guard process.isRunning else { break }
    }
    #expect(process.isRunning, "ended by a signal")
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
  }

  @Test(
    "a file beyond the file size limit is an error of the system, and nothing is published",
    arguments: ["collect source --root root --no-cache", "compress source"]
  )
  func collectedFileSize(line: String) {
    site.write((0..<400_000).map { "line \($0)\n" }.joined(), to: "source/large.txt")
    let script = "ulimit -f 200; exec '\(Command.staticd)' \(line)"
    let result = Command.run(
      ["env", "--default-signal=XFSZ", "sh", "-c", script],
      directory: site.path
    )
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains("File too large"), "\(result.errors)")
    #expect(!site.files().contains { $0.hasPrefix("root/") && !$0.contains("/.") })
  }

  @Test("an upload beyond the file size limit is refused", arguments: [false, true])
  func fileSize(isChunked: Bool) throws {
    let server = RunningProgram(
      [
        // The test's threads block the signal, and child processes inherit that.
        "env", "--default-signal=XFSZ", "sh", "-c", "ulimit -f 200; exec \"$0\" \"$@\"",
        Command.staticd, "serve", "--public",
        site.path, "--upstream", "unix:\(site.path("none.sock"))", "--listen", "127.0.0.1:0",
        "--access-log", "off",
      ],
      directory: site.path
    )
    let content = [UInt8](repeating: 0x61, count: 4 << 20)
    for _ in 0..<2 {
      let client = try #require(HTTPClient(connectingTo: server.port), "it has ended")
      if isChunked {
        client.send("PUT /page HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400000\r\n")
      } else {
        client.send("PUT /page HTTP/1.1\r\nHost: x\r\nContent-Length: \(content.count)\r\n\r\n")
      }
      client.send(content)
      if isChunked { client.send("\r\n0\r\n\r\n") }
      let status = client.response()?.status
      #expect([413, 503].contains(status))
      #expect(HTTPClient(connectingTo: server.port)?.get("/a.txt")?.text == "hello")
    }
  }
}
