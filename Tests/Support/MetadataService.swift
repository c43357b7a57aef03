import Foundation

/// The services that give credentials to containers and instances; see `Store/metadata_service.py`.
public final class MetadataService: @unchecked Sendable {
  public let port: UInt16
  private let process = Process()

  /// - Parameter seconds: how long the credentials are good for.
  public init(seconds: Int) {
    let script = Command.resource("Store/metadata_service.py")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, String(seconds)]
    let output = Pipe()
    process.standardOutput = output
    try! process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      precondition(!byte.isEmpty, "the service did not start")
      line += byte
    }
    // Many of them at a time are too many for Foundation: see `Process.start`.
    try? output.fileHandleForReading.close()
    port = UInt16(String(decoding: line, as: UTF8.self).dropLast())!
  }

  deinit {
    // Signals that the thread which has started it blocks are blocked there, too; this one never is.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  public var url: String { "http://127.0.0.1:\(port)" }

  /// How often credentials were given.
  public var givenCount: Int { Int(HTTPClient(port: port).get("/count")!.text)! }
}
