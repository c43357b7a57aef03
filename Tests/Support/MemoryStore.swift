import Foundation

/// An object store in memory that fails on demand; see `Store/memory_store.py`.
public final class MemoryStore: @unchecked Sendable {
  /// The port for HTTP.
  public let port: UInt16
  /// The port for HTTPS; 0 without a certificate.
  public let securePort: UInt16

  private let process: Process
  private let input = Pipe()

  /// A request that the store has answered.
  public struct Request: Equatable, Sendable {
    public let method: String
    /// The key without the bucket; empty for the bucket.
    public let key: String
    public let query: String
    /// 0 for a connection that was reset.
    public let status: Int
  }

  /// An object with the fields of its upload, with lower-case names.
  public struct Object: Equatable, Sendable {
    public let body: [UInt8]
    public let fields: [String: String]

    public var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// Starts a store; with a certificate it also serves HTTPS.
  public init(certificate: String? = nil, key: String? = nil) {
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = Command.resource("Store/memory_store.py")
    process.arguments = ["python3", script]
    if let certificate, let key {
      process.arguments! += ["--certificate", certificate, "--key", key]
    }
    // The store exits when this end is closed.
    process.standardInput = input
    let ports = process.startReadingLine().split(whereSeparator: \.isWhitespace)
    port = UInt16(ports[0])!
    securePort = ports.count > 1 ? UInt16(ports[1])! : 0
  }

  deinit {
    try? input.fileHandleForWriting.close()
    // A child inherits the blocked signals of the thread that starts it; SIGKILL cannot be blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The URL for HTTP.
  public var endpoint: String { "http://127.0.0.1:\(port)" }

  /// The requests since the last call.
  public func log() throws -> [Request] {
    let rows = try JSONSerialization.jsonObject(with: control("GET", "log")) as! [[Any]]
    return rows.map { row in
      Request(
        method: row[0] as! String,
        key: row[1] as! String,
        query: row[2] as! String,
        status: row[3] as! Int
      )
    }
  }

  /// Every object by its key.
  public func objects() throws -> [String: Object] {
    let all = try JSONSerialization.jsonObject(with: control("GET", "objects"))
    return (all as! [String: [String: Any]]).mapValues { object in
      Object(
        body: Array(Data(base64Encoded: object["body"] as! String)!),
        fields: object["fields"] as! [String: String]
      )
    }
  }

  /// Changes the behavior of the store.
  public func setOptions(_ options: [String: Any]) throws {
    _ = try control("POST", "options", JSONSerialization.data(withJSONObject: options))
  }

  /// Makes requests fail; replaces the previous faults.
  public func setFaults(_ faults: [String: Any]...) throws {
    _ = try control("POST", "faults", JSONSerialization.data(withJSONObject: faults))
  }

  /// The number of held requests.
  public func heldCount() throws -> Int {
    Int(String(decoding: try control("GET", "held"), as: UTF8.self))!
  }

  /// Releases the held requests, and ends all faults.
  public func release() throws { _ = try control("POST", "release") }

  private func control(_ method: String, _ name: String, _ body: Data = Data()) throws -> Data {
    let client = HTTPClient(port: port)
    client.send("\(method) /_/\(name) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
    client.send(body)
    return Data(client.response()!.body)
  }
}
