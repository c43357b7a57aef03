import StaticServer

/// Settings that the server does not have yet.
///
/// They let these tests compile before it has them: a member of the type itself is preferred to one of
/// a protocol's extension. This file goes when all of them are there.
protocol LaterForwardingSettings {}

/// State that the server does not tell yet.
protocol LaterServerState {}

extension ForwardingConfiguration: LaterForwardingSettings {}
extension Server: LaterServerState {}

extension LaterForwardingSettings {
  var concurrencyMax: Int {
    get { 0 }
    nonmutating set {}
  }
  var queueCountMax: Int {
    get { 0 }
    nonmutating set {}
  }
  var queueTimeout: Int {
    get { 0 }
    nonmutating set {}
  }
  var allowsHalfClosedClients: Bool {
    get { true }
    nonmutating set {}
  }
  var spoolBytesMax: Int64 {
    get { 0 }
    nonmutating set {}
  }
}

extension LaterServerState {
  var hasFinishedRequests: Bool { false }
}
