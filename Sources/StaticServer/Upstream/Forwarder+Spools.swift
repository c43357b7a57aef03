internal import CLinux
internal import StaticAssets

/// Spool files.
extension Forwarder {
  /// Passes the next bytes of a spool of `exchange` to the writer thread.
  func write(_ direction: SpoolWrite.Direction, _ exchange: inout Exchange) {
    guard let spools = share.spools else { return }
    let directory = configuration.temporaryDirectory
    let makeFile = { SpoolFile(in: directory, spools.budget) }
    let next =
      switch direction {
      case .request: exchange.content.nextWrite(makeFile)
      case .response: exchange.sink.spool.nextWrite(makeFile)
      }
    guard let (file, offset, bytes) = next else { return }
    spools.submit(
      SpoolWrite(
        exchange: exchange.id,
        direction: direction,
        file: file,
        offset: offset,
        bytes: bytes,
        mailbox: mailbox
      )
    )
  }

  /// Continues after a write to a spool file.
  mutating func noteWritten(
    _ result: SpoolWrite.Result,
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    switch result.direction {
    case .request:
      exchange.content.noteWritten(result)
      write(.request, &exchange)
      guard exchange.phase == .storing || exchange.phase == .receivingContent else { return }
      if exchange.content.hasFailed {
        fail(&exchange, .failedSpool, &clients, &wake)
      } else if exchange.phase == .storing, exchange.content.unwrittenCount == 0 {
        askApp(&exchange, &clients, &wake)
      }
    case .response:
      exchange.sink.spool.noteWritten(result)
      write(.response, &exchange)
      if exchange.sink.canSend { sendToClient(&exchange, &clients, &wake) }
      if !exchange.isOver { resumeApp(&exchange, at: wake.now) }
    }
  }
}
