"""hack/site/build refuses what would mislead a reader, and says where it is."""


def test_pages_that_nobody_finds_and_links_that_lead_nowhere_are_refused(project):
    project.write("docs/other.md", "# Other\n")
    project.write("docs/guide.md", "# Guide\n[x](missing.md)\n")
    done = project.build()
    assert done.returncode != 0
    assert "other.md is in no section of hack/site/mkdocs.yml" in done.stderr
    assert "'guide.md' contains a link to 'missing.md' which is not found" in done.stderr


def test_what_the_generator_lets_pass_is_refused(project):
    project.write("docs/guide.md", "# Guide\n[x](../README.md#nothing) ![x](https://example.com/x.png)\n")
    done = project.build()
    assert done.returncode != 0
    assert done.stdout.splitlines() == [
        "1.2.3/guide/index.html: ../#nothing: 1.2.3/index.html has no #nothing",
        "1.2.3/guide/index.html: https://example.com/x.png is loaded from another host"]


def test_a_new_page_of_a_folder_needs_no_edit(project):
    project.write("docs/tasks/README.md", "# Tasks\n")
    project.write("docs/tasks/new.md", "# New\n\n[Home](../../README.md), [words](../guide.md#two-words), [what](../../CHANGELOG.md)\n")
    done = project.build()
    assert done.returncode == 0, done.stdout + done.stderr
    assert '<a href="../../">Home</a>, <a href="../../guide/#two-words">words</a>, <a href="../../changelog/">what</a>' in \
        project.page("tasks/new")
    assert 'href="tasks/new/"' in project.page(".")


def test_links_to_the_source(project):
    project.write("pkg/rules.h", "")
    project.write("docs/guide.md", "# Guide\n\nThe [rules](../pkg/rules.h).\n")
    assert project.build(COREFLOW_REPOSITORY="https://example.com/coreflow/blob/main/").returncode == 0
    assert '<a href="https://example.com/coreflow/blob/main/pkg/rules.h">rules</a>' in project.page("guide")
