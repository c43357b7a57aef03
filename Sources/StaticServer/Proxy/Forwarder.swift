internal import CLinux
internal import StaticAssets

/// What a loop needs to forward requests: the app's connections, and the exchanges by client.
///
/// Confined to the thread of its loop.
final class Forwarder {
  let configuration: ForwardingConfiguration
  let fields: ForwardedFields
  /// What the app may answer with.
  let namedFiles: NamedFiles
  /// Where the app listens; nil for a handler.
  let upstream: UpstreamAddress?
  /// Whether the app's connections do not leave this machine.
  let isLocal: Bool
  /// The times of `configuration` in milliseconds.
  let connectTime: Int64
  let responseTime: Int64
  let tunnelTime: Int64
  let holdTime: Int64

  var apps = AppConnections()
  /// The identifiers of requests to which no trusted proxy gave one.
  var identifiers = RequestIdentifiers()
  /// Clients whose exchange is over and whose next request has come already.
  var ready: [Int32] = []

  private var exchanges: [ProxyExchange?] = []

  /// A forwarder whose server listens at `listeners`.
  init(
    _ configuration: ForwardingConfiguration,
    _ policy: ForwardingPolicy,
    listeners: [ListenAddress]
  ) {
    self.configuration = configuration
    let host = listeners.lazy.compactMap(Self.host).first ?? "localhost"
    fields = ForwardedFields(defaultHost: Array(host.utf8), policy: policy)
    namedFiles = NamedFiles(configuration.namedFiles)
    if case .upstream(let address) = configuration.app {
      upstream = address
    } else {
      upstream = nil
    }
    isLocal = upstream?.isLocal ?? false
    connectTime = Int64(configuration.connectTimeout) * 1000
    responseTime = Int64(configuration.responseTimeout) * 1000
    tunnelTime = Int64(configuration.tunnelTimeout) * 1000
    holdTime = Int64(configuration.startupHold) * 1000
  }

  deinit {
    apps.closeAll()
  }

  /// The exchange of the client `number`.
  func exchange(of number: Int32) -> ProxyExchange? {
    Int(number) < exchanges.count ? exchanges[Int(number)] : nil
  }

  /// Every exchange.
  var all: [ProxyExchange] { exchanges.compactMap { $0 } }

  func add(_ exchange: ProxyExchange) {
    let number = Int(exchange.client)
    while exchanges.count <= number { exchanges.append(nil) }
    exchanges[number] = exchange
  }

  func remove(_ exchange: ProxyExchange) {
    exchanges[Int(exchange.client)] = nil
  }

  private static func host(of address: ListenAddress) -> String? {
    switch address {
    case .ipv4, .ipv6: address.description
    case .unix, .inherited: nil
    }
  }
}
