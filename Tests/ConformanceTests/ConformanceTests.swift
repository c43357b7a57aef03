import Conformance
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// staticd against the conformance table.
///
/// Goal: every row passes, including those that an RFC only recommends or allows. One row is one
/// case, so a failure names the clause.
@Suite(.servingFixtures) struct ConformanceTests {
  @Test("conforms", arguments: Row.all)
  func conforms(row: Row) throws {
    let runner = try #require(ServingFixtures.runner)
    switch runner.run(row) {
    case .passed: break
    case .notApplicable: Issue.record("the server lacks what the row is about: \(row)")
    case .failed(let failures):
      Issue.record("\(row.clause)\n\(failures.joined(separator: "\n"))")
    }
  }

  @Test func namesAreUnique() {
    let names = Row.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}

/// Serves the fixture tree while a suite runs.
struct ServingFixtures: SuiteTrait, TestScoping {
  @TaskLocal static var runner: Runner?

  func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    let directory = TemporaryDirectory()
    try FixtureTree.write(to: directory.path)
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 2
    let table = try FileTable(root: directory.path)
    let server = try StaticServer(table: table, configuration: configuration)
    defer { server.stop() }
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    let endpoint = Endpoint(host: "127.0.0.1", port: port, prefix: "/static/", patience: 60)
    let runner = try Runner(endpoint)
    try await Self.$runner.withValue(runner, operation: function)
  }
}

extension Trait where Self == ServingFixtures {
  static var servingFixtures: Self { Self() }
}
