internal import StaticAssets

/// Files that have changed since the table was built.
extension HTTP1Server {
  /// Responds to the request in `wake.head`, which starts with the first of `bytes`, with the
  /// current version of the file of `response`; nil if it cannot be opened.
  @inline(never)
  mutating func answerChanged(
    _ fd: Int32,
    _ response: ResponsePlan,
    _ bytes: Span<UInt8>,
    _ isDropped: Bool,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step? {
    guard let plan = files.enterChanged(response, wake.head, bytes) else { return nil }
    let step = respond(fd, plan, bytes, isDropped, &turn, &wake)
    // `leaveLive` frees the table, with the descriptor and the memory that the backlog refers to.
    if clients.slab[fd].state == .sending { clients.detachBacklog(fd) }
    files.leaveLive()
    return step
  }
}
