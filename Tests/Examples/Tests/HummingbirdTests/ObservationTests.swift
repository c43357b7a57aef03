import HTTPTypes
import Hummingbird
import InMemoryTracing
import Logging
import MetricsTestKit
import ServiceLifecycle
import StaticAssets
import StaticHummingbird
import Testing
import Tracing

/// Metrics, traces and log messages.
@Suite(.timeLimit(.minutes(2))) struct ObservationTests {
  private let directory = Directory()

  private func assets() throws -> LiveTable {
    directory.write("a", to: "root/a.css")
    return try LiveTable(root: "\(directory.path)/root")
  }

  @Test("responses are counted by status")
  func counts() async throws {
    let metrics = TestMetrics()
    let router = Router()
    router.middlewares.add(StaticAssetsMiddleware(try assets(), metrics: metrics))
    let asker = Asker(router)
    for (method, path) in [
      ("GET", "/static/a.css"), ("HEAD", "/static/a.css"), ("GET", "/static/none.css"),
      ("POST", "/static/a.css"), ("GET", "/elsewhere"),
    ] {
      _ = try await asker.ask(method, path)
    }
    for (status, count) in [("200", 2), ("404", 1), ("405", 1), ("206", 0), ("500", 0)] {
      let counter = try metrics.expectCounter("static_assets_responses", [("status", status)])
      #expect(counter.totalValue == Int64(count), "\(status)")
    }
  }

  @Test("a span has the route and the sent bytes")
  func spans() async throws {
    let tracer = InMemoryTracer()
    InstrumentationSystem.bootstrap(tracer)
    let router = Router()
    router.middlewares.add(TracingMiddleware())
    router.middlewares.add(StaticAssetsMiddleware(try assets()))
    _ = try await Asker(router).ask("GET", "/static/a.css")
    let span = try #require(tracer.finishedSpans.first)
    #expect(span.operationName == "/static/**")
    #expect(span.attributes["http.route"]?.toSpanAttribute() == "/static/**")
    #expect(span.attributes["static_assets.kind"]?.toSpanAttribute() == "file")
    #expect(span.attributes["static_assets.coding"]?.toSpanAttribute() == "identity")
  }

  /// Passes log messages to a test.
  private struct StreamHandler: LogHandler {
    let messages: AsyncStream<String>.Continuation
    var logLevel = Logger.Level.debug
    var metadata: Logger.Metadata = [:]

    init(_ messages: AsyncStream<String>.Continuation) {
      self.messages = messages
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      messages.yield("\(event.message)")
    }
  }

  @Test("the service serves the published files, logs it, and ends with its group")
  func service() async throws {
    let assets = try assets()
    let metrics = TestMetrics()
    let (messages, continuation) = AsyncStream<String>.makeStream()
    let service = StaticAssetsService(
      assets,
      logger: Logger(label: "test") { _ in StreamHandler(continuation) },
      interval: .milliseconds(10),
      metrics: metrics
    )
    let group = ServiceGroup(services: [service], logger: Logger(label: "group"))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      directory.write("b", to: "root/b.css")
      directory.write(#"{"paths": {}, "version": "1.1", "hash": ""}"#, to: "root/staticfiles.json")
      for await message in messages where message.contains("reloaded: 2 files") { break }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    #expect(assets.url(for: "b.css") == "/static/b.css")
    #expect(try metrics.expectGauge("static_assets_files").lastValue == 2)
    #expect(try !metrics.expectTimer("static_assets_reload_duration").values.isEmpty)
  }
}
