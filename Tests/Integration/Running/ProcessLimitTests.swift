import Foundation
import TestSupport
import Testing

/// Signals and limits that other programs meet as their end.
///
/// Goal: a reader of the output that has gone, and a limit on the size of files, cost an answer or a
/// line, never the server.
@Suite struct ProcessLimitTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "a.txt")
  }

  /// What is still written when nobody reads the output.
  @Test("a server whose output nobody reads serves on", arguments: ["json", "combined", "off"])
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
    // Only the process has the end that is written to.
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
      // A notice, or a line of the log.
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

  @Test("an upload beyond the limit on the size of files is refused", arguments: [false, true])
  func fileSize(isChunked: Bool) throws {
    let server = RunningProgram(
      [
        // Threads of the test block the signal, and what they start inherits that.
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
