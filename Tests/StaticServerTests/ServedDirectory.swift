import StaticAssets
import StaticServer
import TestSupport

extension TemporaryDirectory {
  /// Serves this directory at a free port of 127.0.0.1.
  func serve(
    _ options: FileTable.Options = .init(),
    _ change: (inout ServerConfiguration) -> Void = { _ in }
  ) throws -> (server: Server, port: UInt16) {
    var configuration = ServerConfiguration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 2
    change(&configuration)
    let table = try FileTable.build(root: path, options: options)
    let server = try Server(table: table, configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    return (server, port)
  }

  /// A body that differs at every place, so that a shifted byte shows.
  static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &* 7) }
  }
}
