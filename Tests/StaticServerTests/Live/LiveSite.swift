import Foundation
import StaticAssets
import StaticServer
import TestSupport

/// A server of live directories over real sockets.
struct LiveServer {
  let server: StaticServer
  let port: UInt16
  let client: HTTPClient

  /// Serves `directories`, and `mounts` from a table.
  init(
    _ directories: [LiveDirectory],
    mounts: [FileTable.Mount] = [],
    workers: Int = 1,
    options change: (inout FileTable.Options) -> Void = { _ in },
    configuration changeConfiguration: (inout StaticServer.Configuration) -> Void = { _ in }
  ) throws {
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = workers
    configuration.grace = .seconds(0)
    changeConfiguration(&configuration)
    var options = FileTable.Options()
    options.live = directories
    change(&options)
    server = try StaticServer(
      table: try FileTable(mounts: mounts, options: options),
      configuration: configuration
    )
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    self.port = port
    client = HTTPClient(port: port)
  }

  /// The response for `path`, once the file's times are certain to show every further write, so
  /// that the loop keeps it open.
  func settled(_ path: String, _ fields: String...) -> HTTPResponse? {
    var last: HTTPResponse?
    _ = eventually {
      let answer = get(path, fields)
      defer { last = answer }
      return answer?.status != 200 || answer?["ETag"] == last?["ETag"]
    }
    return last
  }

  func get(_ path: String, _ fields: [String] = [], method: String = "GET") -> HTTPResponse? {
    let lines = (["Host: test"] + fields).map { $0 + "\r\n" }.joined()
    client.send("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n")
    return client.response(hasBody: method != "HEAD")
  }
}

extension TemporaryDirectory {
  /// This directory with uploads at `prefix`.
  func uploads(at prefix: String = "/media/", isActive: Bool = false) -> LiveDirectory {
    LiveDirectory(path, at: prefix, kind: .uploads(allowsActiveContent: isActive))
  }
}
