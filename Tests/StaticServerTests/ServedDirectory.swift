import StaticAssets
import StaticServer
import TestSupport

extension TemporaryDirectory {
  /// Serves this directory at a free port of 127.0.0.1, without a grace time for clients that are
  /// left when a test stops it.
  func serve(
    _ options: FileTable.Options = .init(),
    _ change: (inout StaticServer.Configuration) -> Void = { _ in }
  ) throws -> (server: StaticServer, port: UInt16) {
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 2
    configuration.grace = .seconds(0)
    change(&configuration)
    let table = try FileTable(root: path, options: options)
    let server = try StaticServer(table: table, configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    return (server, port)
  }

  /// A body that differs at every place, so that a shifted byte shows.
  static func pattern(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count { bytes += period.prefix(count - bytes.count) }
    return bytes
  }

  /// What the pattern repeats: making each of some million bytes takes seconds without optimization.
  private static let period = (0..<65536).map {
    UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &* 7)
  }
}

/// Lets every loop of the server at `port` look at all its sockets: what was sent before has been
/// read then, as far as it is read at all.
///
/// By answers on twenty fresh connections, which the loops share.
func letLoopsTurn(_ port: UInt16) {
  for _ in 0..<20 {
    _ = HTTPClient(port: port).get("/static/none")
  }
}

/// Waits until nothing more is accepted at `port`: the server has begun to stop.
func awaitRefusal(_ port: UInt16) -> Bool {
  eventually { HTTPClient(connectingTo: port) == nil }
}
