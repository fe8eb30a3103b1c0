#include "pkg/http/worker.h"

namespace coreflow::http {

Worker::Worker() : thread_([this] { Run(); }) {}

Worker::~Worker() { Stop(); }

// Work without a due time sorts before all that has one, in the order of its tickets.
void Worker::Post(Work work) { At(Instant::min(), std::move(work)); }

uint64_t Worker::At(Instant due, Work work) {
  std::lock_guard lock(mu_);
  if (stopping_) return 0;
  uint64_t ticket = ++last_ticket_;
  queue_.emplace(std::pair(due, ticket), std::move(work));
  due_.emplace(ticket, due);
  if (due < wakes_) {
    wakes_ = due;
    changed_.notify_one();
  }
  return ticket;
}

void Worker::Drop(uint64_t ticket) {
  Work dropped;  // destroyed after the lock is gone: it may own anything
  std::lock_guard lock(mu_);
  auto found = due_.find(ticket);
  if (found == due_.end()) return;
  auto entry = queue_.find(std::pair(found->second, ticket));
  dropped = std::move(entry->second);
  queue_.erase(entry);
  due_.erase(found);
}

void Worker::Stop() {
  {
    std::lock_guard lock(mu_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  std::map<std::pair<Instant, uint64_t>, Work> left;
  std::lock_guard lock(mu_);
  left.swap(queue_);
  due_.clear();
}

void Worker::Run() {
  std::unique_lock lock(mu_);
  while (!stopping_) {
    if (queue_.empty()) {
      wakes_ = Instant::max();
      changed_.wait(lock);
      continue;
    }
    auto first = queue_.begin();
    const Instant due = first->first.first;
    if (due > std::chrono::steady_clock::now()) {
      wakes_ = due;
      changed_.wait_until(lock, due);
      continue;
    }
    wakes_ = Instant::min();
    Work work = std::move(first->second);
    due_.erase(first->first.second);
    queue_.erase(first);
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

}  // namespace coreflow::http
