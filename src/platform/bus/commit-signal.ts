import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

/** Tells, inside this process, that something was committed; a hint only, the log is the truth. */
@Injectable()
export class CommitSignal {
  private readonly subject = new Subject<void>();
  readonly commits: Observable<void> = this.subject.asObservable();

  notify(): void {
    this.subject.next();
  }
}
