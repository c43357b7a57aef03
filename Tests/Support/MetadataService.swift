import Foundation

/// The services that provide credentials to containers and instances; see
/// `Store/metadata_service.py`.
public final class MetadataService: @unchecked Sendable {
  public let port: UInt16
  private let process = Process()

  /// - Parameters:
  ///   - seconds: the lifetime of the credentials.
  ///   - failures: the number of first requests that get status 500.
  public init(seconds: Int, failures: Int = 0) {
    let script = Command.resource("Store/metadata_service.py")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, String(seconds), String(failures)]
    port = UInt16(process.startReadingLine())!
  }

  deinit {
    // A child inherits the blocked signals of the thread that starts it; SIGKILL cannot be blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  public var url: String { "http://127.0.0.1:\(port)" }

  /// How often credentials were provided.
  public var givenCount: Int { Int(HTTPClient(port: port).get("/count")!.text)! }
}
