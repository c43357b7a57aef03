internal import CLinux
internal import StaticAssets

/// Hashed names that this replica does not have, requested from its peers one after the other.
///
/// A peer's 200, 206, 304, 412 or 416 is the response. After any other status, or a failure, the
/// next peer is asked; after the last one the request goes to the app if unknown names are left to
/// it, else the response is this server's own 404, which must not be stored.
extension Forwarder {
  /// The number of the first peer in `apps`.
  private var firstPeer: Int { apps.count - peerCount }

  /// The number of slots for peers in `apps`.
  var peerCount: Int { configuration.peers.isOn ? PeerList.countMax : 0 }

  /// The number of apps, without peers.
  var appCount: Int { apps.count - peerCount }

  /// Whether a peer's response with `status` is that of a file.
  private static func isOfFile(_ status: UInt16) -> Bool {
    [200, 206, 304, 412, 416].contains(status)
  }

  /// Sends the request of `exchange` to the next peer.
  mutating func askPeer(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    deadlines.cancel(exchange.id.slot)
    refreshPeers()
    let isFirst = exchange.peers.asked == 0
    if isFirst, peersAskedCount >= configuration.peers.concurrencyMax {
      leavePeers(&exchange, &clients, &wake)
      return
    }
    guard let number = nextPeer(after: exchange.peers.asked, at: wake.now) else {
      leavePeers(&exchange, &clients, &wake)
      return
    }
    if isFirst {
      peersAskedCount += 1
      exchange.peers.isCounted = true
    }
    exchange.peers.version = peersVersion
    exchange.peers.asked |= 1 << UInt32(number - firstPeer)
    exchange.app = number
    exchange.phase = .exchanging
    exchange.upstream = UpstreamSide()
    exchange.response = ResponseProgress()
    startRequest(&exchange, &clients, &wake)
  }

  /// Reads the list of peers if it has changed.
  private mutating func refreshPeers() {
    let version = share.peers.version
    guard version != peersVersion else { return }
    peersVersion = version
    let addresses = share.peers.all
    peersKnownCount = min(addresses.count, peerCount)
    for index in 0..<peerCount {
      let address = index < addresses.count ? addresses[index] : nil
      let number = firstPeer + index
      guard apps[number].address != address else { continue }
      pool.closeIdle(of: number)
      apps[number].address = address
      apps[number].downUntil = 0
    }
  }

  /// A peer that is not in `asked` and has not failed recently; nil for none.
  ///
  /// Requests start with the peers in turn.
  private mutating func nextPeer(after asked: UInt32, at now: Int64) -> Int? {
    guard peersKnownCount > 0 else { return nil }
    if asked == 0 { peerTurn = (peerTurn + 1) % peersKnownCount }
    for step in 0..<peersKnownCount {
      let index = (peerTurn + step) % peersKnownCount
      let number = firstPeer + index
      guard apps[number].address != nil, asked & (1 << UInt32(index)) == 0,
        apps[number].downUntil <= now
      else { continue }
      return number
    }
    return nil
  }

  /// Handles the failure of a peer: it is not asked for a while, and the next one is asked.
  mutating func peerHasFailed(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    apps[exchange.app].downUntil = wake.now + configuration.peers.pause.milliseconds
    unsafe adder.add(.failedPeers)
    closeUpstream(&exchange)
    wake.output.clear()
    askPeer(&exchange, &clients, &wake)
  }

  /// Handles the head of a peer's response; returns whether the response is that of a file.
  ///
  /// - Parameter restByteCount: the number of received bytes after the head.
  mutating func acceptsPeer(
    _ exchange: inout Exchange,
    _ head: UpstreamResponseHead,
    restByteCount: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Bool {
    guard !Self.isOfFile(head.status) else {
      unsafe adder.add(.peerFiles)
      return true
    }
    guard head.status < 500, head.status != 101 else {
      peerHasFailed(&exchange, &clients, &wake)
      return false
    }
    let isReusable = mayReuse(exchange, head, restByteCount: restByteCount)
    releaseApp(&exchange, isReusable: isReusable, &wake)
    exchange.appEndTime = 0
    askPeer(&exchange, &clients, &wake)
    return false
  }

  /// Continues a request for which no peer has a file.
  private mutating func leavePeers(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    exchange.peers.isAsking = false
    deadlines.cancel(exchange.id.slot)
    exchange.upstream = UpstreamSide()
    exchange.response = ResponseProgress()
    wake.output.clear()
    guard table.leavesNamesToApp, exchange.peers.app >= 0 else {
      answerNotFound(&exchange, &clients, &wake)
      return
    }
    exchange.peers.isOfFile = false
    exchange.app = exchange.peers.app
    prepareForApp(&exchange, &wake)
    askApp(&exchange, &clients, &wake)
  }

  /// Converts the head for peers to one for the app: without the mark, and with the PROXY protocol
  /// if the app expects it.
  private func prepareForApp(_ exchange: inout Exchange, _ wake: inout Wake) {
    exchange.appHead.removeSubrange(exchange.peers.mark)
    guard apps[exchange.app].sendsProxyProtocol else { return }
    wake.output.appendProxyProtocolLine(exchange.origin.address)
    let line = unsafe Array(
      UnsafeRawBufferPointer(start: wake.output.start, count: wake.output.count)
    )
    wake.output.clear()
    exchange.appHead = line + exchange.appHead
    let identifier = exchange.origin.identifier
    exchange.origin.identifier = ByteSlice(
      offset: Int(identifier.offset) + line.count,
      count: Int(identifier.count)
    )
  }

  private mutating func answerNotFound(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    releaseApp(&exchange, isReusable: false, &wake)
    beginDelivering(&exchange)
    if wake.isDraining { exchange.keepsAlive = false }
    let plan = table.notFound(exchange.request.isHead ? .head : .get)
    exchange.response.status = plan.status.rawValue
    exchange.response.bodyByteCount = plan.body.byteCount
    unsafe adder.add(Counter(status: plan.status.rawValue))
    writeHead(plan, of: table, for: exchange, &wake)
    send(plan, of: table, &exchange, &clients, &wake)
  }
}
