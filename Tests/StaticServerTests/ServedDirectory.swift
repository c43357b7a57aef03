import StaticAssets
import StaticServer
import TestSupport

extension TemporaryDirectory {
  /// Serves this directory at a free port of 127.0.0.1, without a grace time for clients that
  /// remain when a test stops it.
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

  /// A body without repetition at short distances, so that a shifted byte is detected.
  static func pattern(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count { bytes += period.prefix(count - bytes.count) }
    return bytes
  }

  /// The repeated part: computing some million bytes takes seconds without optimization.
  private static let period = (0..<65536).map {
    UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &* 7)
  }
}

/// Waits until every loop of the server at `port` has handled all its sockets: earlier bytes have
/// been read by then, unless they are not read at all.
///
/// It requests a file on twenty fresh connections, which are distributed over the loops.
func letLoopsTurn(_ port: UInt16) {
  for _ in 0..<20 {
    _ = HTTPClient(port: port).get("/static/none")
  }
}

/// Waits until connections to `port` are refused: the server has begun to stop.
func awaitRefusal(_ port: UInt16) -> Bool {
  eventually { HTTPClient(connectingTo: port) == nil }
}
