internal import StaticAssets

/// Requests for which the table has no response, if there are live directories.
extension HTTP1Server {
  /// Responds to the request in `wake.head`, which starts with the first of `bytes`, from a live
  /// directory, or makes it wait until the files have been listed.
  @inline(never)
  mutating func answerUnlisted(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ isDropped: Bool,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    guard !files.current.isPending(wake.head, in: bytes) else {
      // A stop does not wait for the files.
      guard !wake.isDraining else { return refuse(fd, for: .draining, bytes, &turn, &wake) }
      turn.ending = .awaitsTable
      return .stop
    }
    return answerLive(fd, bytes, isDropped, &turn, &wake)
  }

  /// Responds to the request in `wake.head`, which starts with the first of `bytes`, from a live
  /// directory, or as without live directories.
  private mutating func answerLive(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ isDropped: Bool,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    var outcome = files.findLive(wake.head, bytes)
    if outcome == .exhausted {
      clients.freeDescriptors(at: wake.now, except: fd)
      outcome = files.findLive(wake.head, bytes)
    }
    switch outcome {
    case .found:
      let plan = files.enterLive(wake.head, bytes)
      let step = respond(fd, plan, bytes, isDropped, &turn, &wake)
      // The next request may release the table.
      if clients.slab[fd].state == .sending { clients.detachBacklog(fd) }
      files.leaveLive()
      return step
    case .missing:
      guard let plan = files.planWithoutLive(wake.head, bytes, forwards: forwards) else {
        return forward(fd, bytes, &turn, &wake)
      }
      return respond(fd, plan, bytes, isDropped, &turn, &wake)
    case .exhausted:
      return refuse(fd, for: .exhausted, bytes, &turn, &wake)
    }
  }

  /// Discards the cached live files, because file systems were mounted or unmounted.
  mutating func mountsHaveChanged() {
    files.live?.forgetAll()
  }
}
