import Testing

@testable import staticd

/// Which options a reload applies.
@Suite struct ReloadRulesTests {
  @Test("every option of a server is in exactly one of the two lists, and no other is")
  func complete() {
    let options = CommandName.serving.filter { $0 != .explain }
      .reduce(into: Set<OptionName>()) { $0.formUnion(OptionTable.options(of: $1).map(\.name)) }
    #expect(ReloadRules.fixed.isDisjoint(with: ReloadRules.live))
    let listed = ReloadRules.fixed.union(ReloadRules.live)
    #expect(options.subtracting(listed).map(\.rawValue) == [])
    #expect(listed.subtracting(options).map(\.rawValue) == [])
  }

  private func arguments(_ settings: [OptionName: String]) -> MergedArguments {
    MergedArguments(
      .run,
      settings.reduce(into: [:]) { result, entry in
        result[entry.key] = Setting(
          name: entry.key,
          value: .texts([entry.value]),
          origin: "staticd.toml:3"
        )
      }
    )
  }

  private static let end =
    ": another value counts after a restart; the server keeps the one from before"

  @Test(
    "notices",
    arguments: [
      ([:], [:], []), ([.maxAge: "1"], [.maxAge: "2"], []), ([.workers: "1"], [.workers: "1"], []),
      ([.workers: "1"], [.workers: "2"], ["staticd.toml:3: --workers"]),
      ([.workers: "1"], [:], ["--workers, now left out"]),
      ([:], [.listen: ":80"], ["staticd.toml:3: --listen"]),
      // The default, set explicitly, is not a change.
      ([:], [.restart: "never"], []),
      ([:], [.restart: "on-failure"], ["staticd.toml:3: --restart"]),
      ([.upstreamConcurrency: "4"], [.upstreamConcurrency: "5"], []),
      (
        [.upstreamConcurrency: "4"], [.upstreamConcurrency: "0"],
        ["staticd.toml:3: --upstream-concurrency"]
      ),
      (
        [.upstreamConcurrency: "auto"], [.upstreamConcurrency: "5"],
        ["staticd.toml:3: --upstream-concurrency"]
      ),
    ] as [([OptionName: String], [OptionName: String], [String])]
  )
  func notices(before: [OptionName: String], after: [OptionName: String], places: [String]) {
    let lines = ReloadRules.notices(arguments(before), arguments(after))
    #expect(lines == places.map { $0 + Self.end })
  }
}
