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
    port = UInt16(process.startReadingLine())!
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
