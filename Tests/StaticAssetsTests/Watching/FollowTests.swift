import StaticAssets
import TestSupport
import Testing

/// Following releases, and changes in development.
///
/// Goal: published releases are served without a call, broken or missing ones are not, and the end
/// of the task ends the thread.
@Suite(.timeLimit(.minutes(2))) struct FollowTests {
  private let directory = TemporaryDirectory()

  /// Publishes a release with one file of `byteCount` bytes.
  private func publish(_ byteCount: Int) {
    directory.write(String(repeating: "x", count: byteCount), to: "new/a.0123456789ab.css")
    directory.write(
      #"{"paths": {"a.css": "a.0123456789ab.css"}, "version": "1.1", "hash": "\#(byteCount)"}"#,
      to: "new/staticfiles.json"
    )
    if directory.read("root/staticfiles.json") != nil {
      directory.rename("root", to: "old\(byteCount)")
    }
    directory.rename("new", to: "root")
  }

  private func byteCount(_ assets: LiveTable, _ target: String) -> Int64? {
    let request = ParsedRequest(method: "GET", target: target)
    return request.flatMap { assets.current.response(to: $0)?.bodyByteCount }
  }

  /// Calls `body` with the events while `assets` is followed.
  private func following(
    _ assets: LiveTable,
    _ body: (inout AsyncStream<LiveTable.Event>.Iterator) async throws -> Void
  ) async throws {
    let (events, continuation) = AsyncStream<LiveTable.Event>.makeStream()
    let task = Task {
      await assets.follow(every: .milliseconds(10)) { continuation.yield($0) }
      continuation.finish()
    }
    var iterator = events.makeAsyncIterator()
    do {
      try await body(&iterator)
    } catch {
      task.cancel()
      throw error
    }
    task.cancel()
    // Returns when the thread has ended.
    await task.value
    while await iterator.next() != nil {}
  }

  @Test("a release is served once it is published; a broken or missing one is not")
  func releases() async throws {
    publish(1)
    let assets = try LiveTable(root: directory.path("root"))
    // Published between building the table and following.
    publish(2)
    try await following(assets) { events in
      let first = await events.next()
      #expect(first?.kind == .reloaded && first?.table.fileCount == 1)
      #expect(byteCount(assets, "/static/a.0123456789ab.css") == 2)
      publish(3)
      // Between the two renames there was no root, which may have been noticed.
      try await wait(&events) { byteCount(assets, "/static/a.0123456789ab.css") == 3 }
      directory.write("{", to: "root/staticfiles.json")
      try await wait(&events, for: .failed)
      #expect(byteCount(assets, "/static/a.0123456789ab.css") == 3)
      directory.rename("root", to: "away")
      try await wait(&events, for: .lost)
      #expect(assets.url(for: "a.css") == "/static/a.0123456789ab.css")
      publish(4)
      try await wait(&events) { byteCount(assets, "/static/a.0123456789ab.css") == 4 }
    }
  }

  @Test("in development every change is served, even in new directories")
  func development() async throws {
    directory.write("1", to: "assets/a.css")
    let assets = try LiveTable(sources: [directory.path("assets")])
    try await following(assets) { events in
      // The first event covers changes since the table was built.
      #expect(await events.next()?.kind == .reloaded)
      directory.write("22", to: "assets/a.css")
      try await wait(&events) { byteCount(assets, "/static/a.css") == 2 }
      directory.write("333", to: "assets/deep/er/b.css")
      try await wait(&events) { byteCount(assets, "/static/deep/er/b.css") == 3 }
      directory.write("4444", to: "assets/deep/er/b.css")
      try await wait(&events) { byteCount(assets, "/static/deep/er/b.css") == 4 }
      directory.remove("assets/deep")
      try await wait(&events) { assets.url(for: "deep/er/b.css") == nil }
    }
  }

  @Test("in development a page outside of the directories counts, too")
  func page() async throws {
    directory.write("1", to: "assets/a.css")
    let page = directory.write("old", to: "page.html")
    var options = FileTable.Options()
    options.errorPages[.notFound] = page
    let mounts = [FileTable.Mount(directory.path("assets"), at: "/static/", kind: .source)]
    let assets = try LiveTable(mounts: mounts, options: options, isDevelopment: true)
    try await following(assets) { events in
      #expect(await events.next()?.kind == .reloaded)
      directory.write("longer", to: "page.html")
      try await wait(&events) { byteCount(assets, "/static/none.css") == 6 }
    }
  }

  @Test(
    "an interval that is too long or too short is no error",
    arguments: [.zero, .seconds(-1), .seconds(Int64.max)] as [Duration]
  )
  func interval(interval: Duration) async throws {
    publish(1)
    let assets = try LiveTable(root: directory.path("root"))
    publish(2)
    let (events, continuation) = AsyncStream<LiveTable.Event>.makeStream()
    let task = Task { await assets.follow(every: interval) { continuation.yield($0) } }
    var iterator = events.makeAsyncIterator()
    #expect(await iterator.next()?.kind == .reloaded)
    task.cancel()
    await task.value
  }

  /// Consumes events until the condition holds; one change may cause several.
  private func wait(
    _ events: inout AsyncStream<LiveTable.Event>.Iterator,
    _ condition: () -> Bool
  ) async throws {
    while !condition() { _ = try #require(await events.next()) }
  }

  private func wait(
    _ events: inout AsyncStream<LiveTable.Event>.Iterator,
    for kind: LiveTable.Event.Kind
  ) async throws {
    while try #require(await events.next()).kind != kind {}
  }

  @Test("a task that is cancelled before it begins does not follow")
  func cancelled() async throws {
    publish(1)
    let assets = try LiveTable(root: directory.path("root"))
    let task = Task { await assets.follow(every: .seconds(3600)) }
    task.cancel()
    await task.value
  }
}
