internal import CLinux
internal import StaticAssets

/// Connections that begin with the PROXY protocol.
extension EventLoop {
  /// Receives once from connection `number`, takes the client's address from the prelude when that
  /// is complete, and answers what follows.
  @inline(never)
  mutating func receivePrelude(_ number: Int32) {
    guard fillInput(number) else { return }
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: input.start, count: input.count)
    )
    switch ProxyProtocolHeader.read(bytes) {
    case .incomplete:
      // The time for the first head goes on.
      keepInput(of: number, from: 0)
    case .malformed:
      unsafe adder.add(.malformedPrelude)
      close(number)
    case .complete(let prelude):
      if let client = prelude.client { connections[number].peer = client }
      connections[number].isSecure = prelude.isSecure
      connections[number].state = .reading
      input.remove(0..<prelude.byteCount)
      if input.count > 0 { answerAgain(number) }
    }
  }
}
